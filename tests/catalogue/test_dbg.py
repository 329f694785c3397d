from sqlalchemy import event
from forsamlingshus.kernel import db
def test_dbg(app, writing, client):
    row = writing.input(); proposal = writing.proposal(inputs=[row]); writing.publish()
    def add(n): writing.quote(row, writing.said(f"Ord {n}.", author=writing.build.user()), f"Ord {n}.")
    add(1); client.get(proposal.path)
    def run():
        st=[]
        f=lambda c,cur,s,*r: st.append(s)
        with app.app_context(): e=db.db.engine
        event.listen(e,"before_cursor_execute",f); client.get(proposal.path); event.remove(e,"before_cursor_execute",f); return st
    a=run()
    for n in range(2,31): add(n)
    b=run()
    for s in b:
        if s in a: a.remove(s)
        else: print("EXTRA",s[:300])
