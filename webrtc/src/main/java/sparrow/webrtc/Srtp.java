package sparrow.webrtc;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of RTP and RTCP in one direction of a call (RFC 3711) with the profile that all WebRTC clients
 * support: AES-128 in counter mode, and HMAC-SHA1 with tags of 80 bits. Each direction has one stream. Thread-safe.
 */
final class Srtp {
    /** Number of bytes of a master key and of its salt. */
    static final int KEY_BYTES = 16;

    static final int SALT_BYTES = 14;

    private static final int TAG_BYTES = 10;
    private static final int MAC_KEY_BYTES = 20;

    /** Bytes of an RTCP packet that are not encrypted. */
    private static final int RTCP_HEADER_BYTES = 8;

    /** Flag of the packet index that marks RTCP packets as encrypted. */
    private static final int ENCRYPTED = 1 << 31;

    private final Keys rtp;
    private final Keys rtcp;

    /** Index of the newest RTP packet, of 48 bits, or -1 before the first packet. */
    private long newest = -1;

    /** Identifier of the received RTP stream. Packets of other streams are dropped. */
    private int source;

    private final Replay rtpReplay = new Replay();
    private final Replay rtcpReplay = new Replay();
    private int rtcpIndex;

    /** Creates one direction from its master key and salt. */
    Srtp(byte[] key, byte[] salt) {
        try {
            rtp = new Keys(key, salt, 0);
            rtcp = new Keys(key, salt, 3);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has these algorithms
        }
    }

    /** Encrypts an RTP packet. Packets must be encrypted in the order of their sequence numbers. */
    synchronized byte[] protect(byte[] packet) {
        long index = index(sequence(packet));
        newest = index;
        int header = rtpHeader(packet, packet.length);
        byte[] out = Arrays.copyOf(packet, packet.length + TAG_BYTES);
        rtp.crypt(out, header, packet.length, ByteBuffer.wrap(packet).getInt(8), index);
        byte[] tag = rtp.tag(out, packet.length, (int) (index >>> 16));
        System.arraycopy(tag, 0, out, packet.length, TAG_BYTES);
        return out;
    }

    /** Decrypts an RTP packet, or returns empty if it is malformed, forged or a repetition. */
    synchronized Optional<byte[]> unprotect(byte[] datagram, int length) {
        int end = length - TAG_BYTES;
        int header = rtpHeader(datagram, end);
        if (header < 0) return Optional.empty();
        int ssrc = ByteBuffer.wrap(datagram).getInt(8);
        long index = index(sequence(datagram));
        if (newest >= 0 && ssrc != source || index < 0) return Optional.empty();
        byte[] found = Arrays.copyOfRange(datagram, end, length);
        if (!MessageDigest.isEqual(rtp.tag(datagram, end, (int) (index >>> 16)), found) || !rtpReplay.accept(index)) {
            return Optional.empty();
        }
        source = ssrc;
        newest = Math.max(newest, index);
        byte[] packet = Arrays.copyOf(datagram, end);
        rtp.crypt(packet, header, end, ssrc, index);
        return Optional.of(packet);
    }

    /** Encrypts a compound RTCP packet. */
    synchronized byte[] protectControl(byte[] packet) {
        rtcpIndex = rtcpIndex + 1 & ~ENCRYPTED;
        byte[] out = Arrays.copyOf(packet, packet.length + 4 + TAG_BYTES);
        rtcp.crypt(
                out, RTCP_HEADER_BYTES, packet.length, ByteBuffer.wrap(packet).getInt(4), rtcpIndex);
        ByteBuffer.wrap(out).putInt(packet.length, rtcpIndex | ENCRYPTED);
        System.arraycopy(rtcp.tag(out, packet.length + 4), 0, out, packet.length + 4, TAG_BYTES);
        return out;
    }

    /** Decrypts a compound RTCP packet, or returns empty if it is malformed, forged or a repetition. */
    synchronized Optional<byte[]> unprotectControl(byte[] datagram, int length) {
        int end = length - TAG_BYTES - 4;
        if (end < RTCP_HEADER_BYTES) return Optional.empty();
        int word = ByteBuffer.wrap(datagram).getInt(end);
        byte[] found = Arrays.copyOfRange(datagram, end + 4, length);
        if (!MessageDigest.isEqual(rtcp.tag(datagram, end + 4), found)) return Optional.empty();
        if (!rtcpReplay.accept(word & ~ENCRYPTED)) return Optional.empty();
        byte[] packet = Arrays.copyOf(datagram, end);
        if ((word & ENCRYPTED) != 0) {
            rtcp.crypt(packet, RTCP_HEADER_BYTES, end, ByteBuffer.wrap(packet).getInt(4), word & ~ENCRYPTED);
        }
        return Optional.of(packet);
    }

    private static int sequence(byte[] packet) {
        return Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(2));
    }

    /** Returns the index that is closest to the newest index and ends with the given sequence number. */
    private long index(int sequence) {
        if (newest < 0) return sequence;
        long index = newest & ~0xffffL | sequence;
        if (index - newest > 0x8000) return index - 0x10000;
        return newest - index > 0x8000 ? index + 0x10000 : index;
    }

    /** Returns the length of an RTP packet's header, or -1 if the packet is malformed. */
    static int rtpHeader(byte[] packet, int end) {
        if (end < 12) return -1;
        int header = 12 + 4 * (packet[0] & 0xf);
        if ((packet[0] & 0x10) != 0) {
            if (end < header + 4) return -1;
            header += 4 + 4 * Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(header + 2));
        }
        return header <= end ? header : -1;
    }

    /** Detects repeated packets (section 3.3.2). */
    private static final class Replay {
        private long newest = -1;

        /** Bit i is set if the packet that is i packets before the newest packet was accepted. */
        private long window;

        boolean accept(long index) {
            if (index > newest) {
                window = newest < 0 || index - newest >= Long.SIZE ? 1 : window << index - newest | 1;
                newest = index;
                return true;
            }
            if (newest - index >= Long.SIZE) return false;
            long bit = 1L << newest - index;
            if ((window & bit) != 0) return false;
            window |= bit;
            return true;
        }
    }

    /** The session keys of RTP or RTCP (section 4.3). */
    private static final class Keys {
        private final Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        private final Mac mac = Mac.getInstance("HmacSHA1");
        private final SecretKeySpec key;
        private final byte[] salt;

        /** @param label the first of three consecutive labels: encryption, authentication, salt */
        Keys(byte[] masterKey, byte[] masterSalt, int label) throws GeneralSecurityException {
            SecretKeySpec master = new SecretKeySpec(masterKey, "AES");
            key = new SecretKeySpec(derive(master, masterSalt, label, KEY_BYTES), "AES");
            mac.init(new SecretKeySpec(derive(master, masterSalt, label + 1, MAC_KEY_BYTES), "HmacSHA1"));
            salt = derive(master, masterSalt, label + 2, SALT_BYTES);
        }

        private byte[] derive(SecretKeySpec master, byte[] masterSalt, int label, int bytes)
                throws GeneralSecurityException {
            byte[] iv = Arrays.copyOf(masterSalt, 16);
            iv[7] ^= (byte) label;
            cipher.init(Cipher.ENCRYPT_MODE, master, new IvParameterSpec(iv));
            return cipher.doFinal(new byte[bytes]);
        }

        /** Encrypts or decrypts a part of a packet in place (section 4.1.1). */
        void crypt(byte[] packet, int from, int to, int ssrc, long index) {
            byte[] iv = Arrays.copyOf(salt, 16);
            for (int i = 0; i < 4; i++) iv[4 + i] ^= (byte) (ssrc >>> 24 - 8 * i);
            for (int i = 0; i < 6; i++) iv[8 + i] ^= (byte) (index >>> 40 - 8 * i);
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
                cipher.doFinal(packet, from, to - from, packet, from);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // keys and lengths are valid
            }
        }

        byte[] tag(byte[] packet, int end, int rollover) {
            mac.update(packet, 0, end);
            mac.update(ByteBuffer.allocate(4).putInt(rollover).array());
            return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
        }

        byte[] tag(byte[] packet, int end) {
            mac.update(packet, 0, end);
            return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
        }
    }
}
