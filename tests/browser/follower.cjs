// The official socket.io-client under Node, as somebody else's program would use it: follows a topic, prints what it
// hears, one JSON line each. Called as: node --experimental-websocket follower.cjs URL TOPIC LANGUAGE [ORIGIN]
const [url, topic, lang, origin] = process.argv.slice(2);
const Plain = globalThis.WebSocket;
const headers = origin ? { origin } : {};
globalThis.WebSocket = class extends Plain {
  constructor(address) {
    super(address, { headers });
  }
};
const { io } = require("../../static/vendor/socket.io.min.js");
const say = (kind, value) => process.stdout.write(`${JSON.stringify([kind, value])}\n`);
const socket = io(url, { transports: ["websocket"], reconnection: false });
socket.on("connect", () => socket.emit("listen", { topic, lang }, (answer) => say("answer", answer)));
socket.on("connect_error", (error) => {
  say("refused", error.message);
  process.exit(0);
});
socket.onAny((name, message) => say(name, message));
