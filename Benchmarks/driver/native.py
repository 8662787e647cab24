# SPDX-License-Identifier: Apache-2.0
"""The Swift library and the C peers, loaded into this process."""
import ctypes
from ctypes import POINTER, byref, c_char_p, c_int64, c_size_t, c_uint64, c_void_p, create_string_buffer

SIGNATURES = {
    "core_keccak": [c_char_p, c_size_t, c_uint64, c_char_p],
    "core_keccak_array": [c_char_p, c_size_t, c_uint64, c_char_p],
    "core_keccak_incremental": [c_char_p, c_size_t, c_uint64, c_char_p],
    "core_sign_unchecked": [c_void_p, c_uint64, c_uint64, c_char_p, POINTER(c_int64), c_char_p],
    "core_sign_checked": [c_void_p, c_uint64, c_uint64, c_char_p, POINTER(c_int64), c_char_p],
    "core_sign_threads": [c_void_p, c_size_t, c_uint64, POINTER(c_uint64)],
    "core_rlp_validate": [c_char_p, c_size_t, c_uint64, POINTER(c_int64)],
    "core_rlp_decode_tree": [c_char_p, c_size_t, c_uint64, POINTER(c_int64)],
    "core_rlp_encode_tree": [c_char_p, c_size_t, c_uint64, c_char_p],
    "core_rlp_encode_array": [c_char_p, c_size_t, c_uint64, c_char_p],
    "core_rlp_encode_string": [c_char_p, c_size_t, c_uint64, c_char_p, POINTER(c_int64)],
    "core_decode_transaction": [c_char_p, c_size_t, c_uint64, POINTER(c_uint64)],
    "core_decode_any": [c_char_p, c_size_t, c_uint64, POINTER(c_uint64)],
    "core_decode_signed": [c_char_p, c_size_t, c_uint64, c_char_p],
    "peers_evp_sha3_256": [c_char_p, c_size_t, c_uint64, c_char_p],
    "peers_secp256k1_sign": [c_char_p, c_uint64, c_char_p],
    "peers_memcpy": [c_char_p, c_char_p, c_size_t, c_uint64],
}


class Native:
    """Calls into the library; buffers that it writes to are made here."""

    def __init__(self, path: str):
        self.library = ctypes.CDLL(path)
        for name, arguments in SIGNATURES.items():
            function = getattr(self.library, name)
            function.argtypes, function.restype = arguments, c_uint64
        fixture = self.library.core_signing_fixture
        fixture.argtypes, fixture.restype = [c_char_p, c_uint64, c_char_p, c_char_p, c_size_t], c_void_p

    def hash(self, function: str, message: bytes, rounds: int) -> tuple[int, bytes]:
        """Nanoseconds, and the digest of 32 bytes."""
        digest = create_string_buffer(32)
        return getattr(self.library, function)(message, len(message), rounds, digest), digest.raw

    def signing_fixture(self, secret: bytes, chain_id: int, to: bytes, data: bytes) -> int:
        handle = self.library.core_signing_fixture(secret, chain_id, to, data, len(data))
        if not handle:
            raise RuntimeError("no signing fixture: wrong key or address")
        return handle

    def sign(self, function: str, fixture: int, first_nonce: int, rounds: int) -> tuple[int, bytes, bytes]:
        """Nanoseconds, and the last transaction and its hash."""
        output, count, digest = create_string_buffer(512), c_int64(), create_string_buffer(32)
        spent = getattr(self.library, function)(fixture, first_nonce, rounds, output, byref(count), digest)
        return spent, output.raw[:count.value], digest.raw

    def sign_threads(self, fixture: int, threads: int, rounds: int) -> tuple[int, int]:
        """Nanoseconds on the wall, and those that the threads waited for a processor; every thread does all rounds."""
        delay = c_uint64()
        return self.library.core_sign_threads(fixture, threads, rounds, byref(delay)), delay.value

    def sign_raw(self, secret: bytes, rounds: int) -> tuple[int, bytes]:
        """Nanoseconds, and r, s and recovery identifier of the last round."""
        signature = create_string_buffer(65)
        return self.library.peers_secp256k1_sign(secret, rounds, signature), signature.raw

    def read(self, function: str, encoded: bytes, rounds: int) -> tuple[int, int]:
        """Nanoseconds, and the number that the function reports."""
        number = (c_uint64 if function.startswith("core_decode") else c_int64)()
        return getattr(self.library, function)(encoded, len(encoded), rounds, byref(number)), number.value

    def rewrite(self, function: str, encoded: bytes, rounds: int) -> tuple[int, bytes]:
        """Nanoseconds, and what was encoded."""
        output = create_string_buffer(len(encoded))
        return getattr(self.library, function)(encoded, len(encoded), rounds, output), output.raw

    def encode_string(self, payload: bytes, rounds: int) -> tuple[int, bytes]:
        """Nanoseconds, and what was encoded."""
        output, count = create_string_buffer(len(payload) + 9), c_int64()
        spent = self.library.core_rlp_encode_string(payload, len(payload), rounds, output, byref(count))
        return spent, output.raw[:count.value]
