"""A QR code as the path of an SVG: no picture file, no library in the browser."""

import qrcode


def qr_path(text):
    """(path data, modules a side) of a QR code: one square a module, for an SVG with a viewBox of that size."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    data = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return data, len(rows)
