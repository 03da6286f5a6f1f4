package sparrow.webrtc;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A connectivity check of ICE: a STUN Binding request (RFC 8489) whose integrity was verified.
 *
 * @param user the part of the user name that identifies the receiver
 * @param nominates whether the sender has selected this pair of addresses (RFC 8445, USE-CANDIDATE)
 */
record StunRequest(byte[] transaction, String user, String password, boolean nominates) {
    private static final int HEADER_BYTES = 20;
    private static final int COOKIE = 0x2112A442;
    private static final int REQUEST = 0x0001;
    private static final int RESPONSE = 0x0101;

    private static final int USERNAME = 0x0006;
    private static final int INTEGRITY = 0x0008;
    private static final int XOR_MAPPED_ADDRESS = 0x0020;
    private static final int PRIORITY = 0x0024;
    private static final int USE_CANDIDATE = 0x0025;
    private static final int FINGERPRINT = 0x8028;
    private static final int ICE_CONTROLLED = 0x8029;

    private static final int MAC_BYTES = 20;

    /** Priority of the address of a peer-reflexive candidate. */
    private static final int REFLEXIVE_PRIORITY = 110 << 24 | 0xffff << 8 | 0xff;

    /** Value with which a fingerprint's checksum is combined. */
    private static final int FINGERPRINT_MASK = 0x5354554e;

    /**
     * Reads a datagram, or returns empty if it is not a check with a known user and the right password.
     *
     * @param passwords a function that returns a user's password, or null for an unknown user
     */
    static Optional<StunRequest> read(byte[] datagram, int length, UnaryOperator<String> passwords) {
        if (length < HEADER_BYTES) return Optional.empty();
        ByteBuffer in = ByteBuffer.wrap(datagram, 0, length);
        if (in.getShort(0) != REQUEST || in.getShort(2) != length - HEADER_BYTES || in.getInt(4) != COOKIE) {
            return Optional.empty();
        }
        String password = null;
        String user = null;
        boolean nominates = false;
        in.position(HEADER_BYTES);
        while (in.remaining() >= 4) {
            int start = in.position();
            int type = Short.toUnsignedInt(in.getShort());
            int bytes = Short.toUnsignedInt(in.getShort());
            if (bytes > in.remaining()) return Optional.empty();
            switch (type) {
                case USERNAME -> {
                    String name = new String(datagram, in.position(), bytes, StandardCharsets.UTF_8);
                    user = name.substring(0, Math.max(0, name.indexOf(':')));
                    password = passwords.apply(user);
                }
                case USE_CANDIDATE -> nominates = true;
                case INTEGRITY -> {
                    if (password == null || bytes != MAC_BYTES) return Optional.empty();
                    byte[] expected = mac(datagram, start, password);
                    byte[] found = Arrays.copyOfRange(datagram, in.position(), in.position() + bytes);
                    if (!MessageDigest.isEqual(expected, found)) return Optional.empty();
                    // Attributes after this attribute are not protected.
                    return Optional.of(
                            new StunRequest(Arrays.copyOfRange(datagram, 8, HEADER_BYTES), user, password, nominates));
                }
                default -> {}
            }
            in.position(Math.min(length, in.position() + (bytes + 3 & ~3)));
        }
        return Optional.empty();
    }

    /** Returns the response, which reports the request's source address. */
    byte[] response(InetSocketAddress source) {
        byte[] address = source.getAddress().getAddress();
        int mapped = 4 + address.length;
        int length = 4 + mapped + 4 + MAC_BYTES + 8;
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + length);
        out.putShort((short) RESPONSE).putShort((short) length).putInt(COOKIE).put(transaction);
        out.putShort((short) XOR_MAPPED_ADDRESS).putShort((short) mapped);
        out.put((byte) 0).put((byte) (address.length == 4 ? 1 : 2));
        out.putShort((short) (source.getPort() ^ COOKIE >>> 16));
        // The address is combined with the cookie and the transaction, which follow each other in the header.
        for (int i = 0; i < address.length; i++) out.put((byte) (address[i] ^ out.get(4 + i)));
        return sign(out, password);
    }

    /**
     * Returns a check of the server, which only a client with the password answers.
     *
     * @param name the user name: the client's part, a colon, and the server's part
     * @param password the client's password
     */
    static byte[] challenge(byte[] transaction, String name, String password) {
        byte[] user = name.getBytes(StandardCharsets.UTF_8);
        int padded = user.length + 3 & ~3;
        int length = 4 + padded + 8 + 12 + 4 + MAC_BYTES + 8;
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + length);
        out.putShort((short) REQUEST).putShort((short) length).putInt(COOKIE).put(transaction);
        out.putShort((short) USERNAME).putShort((short) user.length).put(user).position(HEADER_BYTES + 4 + padded);
        out.putShort((short) PRIORITY).putShort((short) 4).putInt(REFLEXIVE_PRIORITY);
        out.putShort((short) ICE_CONTROLLED).putShort((short) 8).putLong(0);
        return sign(out, password);
    }

    /** Adds the last two attributes. */
    private static byte[] sign(ByteBuffer out, String password) {
        byte[] mac = mac(out.array(), out.position(), password);
        out.putShort((short) INTEGRITY).putShort((short) MAC_BYTES).put(mac);
        CRC32 checksum = new CRC32();
        checksum.update(out.array(), 0, out.position());
        out.putShort((short) FINGERPRINT).putShort((short) 4).putInt((int) checksum.getValue() ^ FINGERPRINT_MASK);
        return out.array();
    }

    /** Returns the transaction of a response to a challenge, or empty if a datagram is something else. */
    static Optional<byte[]> answered(byte[] datagram, int length) {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        if (length < HEADER_BYTES || in.getShort(0) != RESPONSE || in.getInt(4) != COOKIE) return Optional.empty();
        return Optional.of(Arrays.copyOfRange(datagram, 8, HEADER_BYTES));
    }

    /**
     * Returns the message integrity code of a message.
     *
     * @param end the offset of the integrity attribute, which the header's length includes
     */
    private static byte[] mac(byte[] message, int end, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] header = Arrays.copyOf(message, HEADER_BYTES);
            ByteBuffer.wrap(header).putShort(2, (short) (end - HEADER_BYTES + 4 + MAC_BYTES));
            mac.update(header);
            mac.update(message, HEADER_BYTES, end - HEADER_BYTES);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has this algorithm
        }
    }
}
