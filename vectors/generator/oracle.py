# SPDX-License-Identifier: Apache-2.0
"""Our own Keccak, RLP and secp256k1 in plain Python: slow, short, and independent of the packages."""

import hashlib
import hmac

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def _round_constants():
    """The 24 constants of iota, from the linear feedback shift register of the specification."""
    constants, state = [], 1
    for _ in range(24):
        value = 0
        for j in range(7):
            if state & 1:
                value |= 1 << ((1 << j) - 1)
            state <<= 1
            if state & 0x100:
                state ^= 0x171
        constants.append(value)
    return constants


_ROUNDS = _round_constants()
_MASK = 2**64 - 1


def _rotated(value, by):
    return ((value << by) | (value >> (64 - by))) & _MASK if by else value


def _permute(a):
    for constant in _ROUNDS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x + 4) % 5] ^ _rotated(c[(x + 1) % 5], 1) for x in range(5)]
        a = [a[i] ^ d[i % 5] for i in range(25)]
        x, y, current = 1, 0, a[1]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            a[x + 5 * y], current = _rotated(current, (t + 1) * (t + 2) // 2 % 64), a[x + 5 * y]
        for row in range(0, 25, 5):
            b = a[row : row + 5]
            for i in range(5):
                a[row + i] = b[i] ^ (~b[(i + 1) % 5] & b[(i + 2) % 5])
        a[0] ^= constant
    return a


def keccak256(data):
    """Keccak-256 with the padding of the original submission (0x01)."""
    rate, state = 136, [0] * 25
    padded = bytearray(data) + b"\x01" + bytes(-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    for start in range(0, len(padded), rate):
        for i in range(17):
            state[i] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        state = _permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def rlp(item):
    """The one RLP encoding of nested lists of bytes."""
    if isinstance(item, (bytes, bytearray)):
        if len(item) == 1 and item[0] < 0x80:
            return bytes(item)
        return _prefix(0x80, len(item)) + bytes(item)
    body = b"".join(rlp(element) for element in item)
    return _prefix(0xC0, len(body)) + body


def _prefix(base, length):
    if length < 56:
        return bytes([base + length])
    size = integer(length)
    return bytes([base + 55 + len(size)]) + size


def integer(number):
    """The shortest big-endian bytes; none for zero."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def add(a, b):
    """The sum of two points; None is the point at infinity."""
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def multiply(scalar, point=G):
    result = None
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def uncompressed(point):
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def compressed(point):
    return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(32, "big")


def address(point):
    return keccak256(uncompressed(point)[1:])[12:]


def rfc6979(key, digest):
    """The nonces of RFC 6979, section 3.2, with HMAC-SHA-256 on this curve."""
    secret = key.to_bytes(32, "big") + (int.from_bytes(digest, "big") % N).to_bytes(32, "big")

    def mac(k, *parts):
        return hmac.new(k, b"".join(parts), hashlib.sha256).digest()

    k, v = bytes(32), b"\x01" * 32
    for separator in (b"\x00", b"\x01"):
        k = mac(k, v, separator, secret)
        v = mac(k, v)
    while True:
        v = mac(k, v)
        candidate = int.from_bytes(v, "big")
        if 0 < candidate < N:
            yield candidate
        k = mac(k, v, b"\x00")
        v = mac(k, v)


def signature_with(nonce, key, digest):
    """The signature (r, s, recid) that a nonce gives, s low; None when the nonce is of no use."""
    x, y = multiply(nonce)
    r = x % N
    s = pow(nonce, -1, N) * (int.from_bytes(digest, "big") + r * key) % N
    if r == 0 or s == 0:
        return None
    recid = (y & 1) | (2 if x >= N else 0)
    return (r, N - s, recid ^ 1) if s > N // 2 else (r, s, recid)


def sign(key, digest):
    """The deterministic low-s signature (r, s, recid)."""
    return next(filter(None, (signature_with(k, key, digest) for k in rfc6979(key, digest))))


def lifted(x, odd):
    """The point with this x and parity of y, or None when x is on no point."""
    if x >= P:
        return None
    square = (pow(x, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    return x, y if y & 1 == odd else P - y


def recover(digest, r, s, recid):
    """The public point of a signature, or None."""
    if not (0 < r < N and 0 < s < N and recid in range(4)):
        return None
    point = lifted(r + (N if recid & 2 else 0), recid & 1)
    if point is None:
        return None
    inverse = pow(r, -1, N)
    minus = -int.from_bytes(digest, "big") * inverse % N
    return add(multiply(minus), multiply(s * inverse % N, point))


def verify(digest, r, s, public):
    """Plain ECDSA verification."""
    if not (0 < r < N and 0 < s < N):
        return False
    w = pow(s, -1, N)
    point = add(multiply(int.from_bytes(digest, "big") * w % N), multiply(r * w % N, public))
    return point is not None and point[0] % N == r
