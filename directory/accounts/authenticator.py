"""The second factor: codes of an authenticator (TOTP, RFC 6238), each taken once."""

import io

import pyotp
import segno

ISSUER = "Provider directory"
STEP_S = 30
# A clock that is half a minute off still signs in.
_DRIFT = 1


def make_secret() -> str:
    """A new secret for an authenticator, in Base32."""
    return pyotp.random_base32()


def code_at(secret: str, moment_s: float) -> str:
    """The code that an authenticator shows at `moment_s` (seconds since 1970)."""
    return pyotp.TOTP(secret).at(int(moment_s))


def find_step(secret: str, code: str, moment_s: float, last_step: int | None) -> int | None:
    """The step of a code that is right now and later than the last one taken; None where it is not."""
    now = int(moment_s) // STEP_S
    plain = "".join(code.split())
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if pyotp.utils.strings_equal(plain, code_at(secret, step * STEP_S)) and (last_step is None or step > last_step):
            return step
    return None


def address(secret: str, email: str) -> str:
    """The otpauth:// address that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_svg(secret: str, email: str) -> str:
    """The same as a QR code: SVG to stand in a page, without styles of its own."""
    out = io.BytesIO()
    segno.make(address(secret, email), micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, scale=4, border=4, dark="#17212b", light="#ffffff"
    )
    return out.getvalue().decode()
