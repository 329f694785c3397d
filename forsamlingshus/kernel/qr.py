"""QR codes: an address as a small SVG that prints at any size."""

import io

import segno


def svg(address: str) -> bytes:
    """The QR code of an address, with the white border that readers need; level M survives a fold in the paper."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, border=4, light="#fff", omitsize=True, nl=False)
    return out.getvalue()
