package sparrow.webrtc;

import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/**
 * Drops records of DTLS 1.2 (RFC 6347) that no client of this call sends, before Bouncy Castle reads them. Bouncy Castle
 * closes the connection after some of these records, and allocates each message of a handshake by its announced length.
 * Not thread-safe.
 */
final class RecordFilter {
    /** Maximum length of a message. The longest ones are a certificate with 4,096 bits of RSA and a hello with ML-KEM. */
    static final int MAX_MESSAGE_BYTES = 8 << 10;

    /** Maximum number of messages that are not encrypted. A client sends four. */
    static final int MAX_MESSAGES = 16;

    /** Maximum number of fragments. A message of 2 KB in packets of 256 bytes has 10, and is sent again a few times. */
    static final int MAX_FRAGMENTS = 1500;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final int MESSAGE_HEADER_BYTES = 12;

    /** Length of an encrypted record without content: the explicit nonce and the tag of AES-GCM. */
    private static final int MIN_ENCRYPTED_BYTES = 8 + 16;

    private static final int DTLS_1_0 = 0xfeff;
    private static final int DTLS_1_2 = 0xfefd;

    // Types of records.
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    // Types of messages.
    private static final int CLIENT_HELLO = 1;
    private static final int CERTIFICATE = 11;
    private static final int CERTIFICATE_VERIFY = 15;
    private static final int CLIENT_KEY_EXCHANGE = 16;

    private final LongPredicate memory;

    /** The first header of each message: its type, and its length in the lower 24 bits. Zero before. */
    private final int[] messages = new int[MAX_MESSAGES];

    private int fragments;
    private boolean established;
    private boolean confirmed;

    /** @param memory reserves a number of bytes for a message, and returns whether there was enough memory */
    RecordFilter(LongPredicate memory) {
        this.memory = memory;
    }

    /** Reports that the handshake is complete. */
    void establish() {
        established = true;
    }

    /** Reports that the client has the server's last message, so that it does not repeat its own messages any more. */
    void confirm() {
        confirmed = true;
    }

    /** Moves the accepted records to the beginning of a datagram, and returns their number of bytes. */
    int accept(byte[] datagram) {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        int kept = 0;
        for (int at = 0; at + RECORD_HEADER_BYTES <= datagram.length; ) {
            int end = at + RECORD_HEADER_BYTES + Short.toUnsignedInt(in.getShort(at + 11));
            if (end > datagram.length) break;
            if (isExpected(in, at, end)) {
                System.arraycopy(datagram, at, datagram, kept, end - at);
                kept += end - at;
            }
            at = end;
        }
        return kept;
    }

    private boolean isExpected(ByteBuffer in, int at, int end) {
        int type = in.get(at);
        int version = Short.toUnsignedInt(in.getShort(at + 1));
        int epoch = Short.toUnsignedInt(in.getShort(at + 3));
        int content = at + RECORD_HEADER_BYTES;
        if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return false;
        if (epoch == 1) return version == DTLS_1_2 && end - content >= MIN_ENCRYPTED_BYTES;
        if (epoch != 0 || confirmed || end == content || type == APPLICATION_DATA) return false;
        // The version is not agreed on before the hello.
        boolean isHello = type == HANDSHAKE && in.get(content) == CLIENT_HELLO;
        if (version != DTLS_1_2 && !(version == DTLS_1_0 && isHello)) return false;
        return type == HANDSHAKE ? areExpected(in, content, end) : !established;
    }

    /** Returns whether the content of a record is a sequence of fragments within the limits. */
    private boolean areExpected(ByteBuffer in, int from, int end) {
        for (int at = from; at < end; ) {
            if (at + MESSAGE_HEADER_BYTES > end || ++fragments > MAX_FRAGMENTS) return false;
            int header = in.getInt(at);
            int number = Short.toUnsignedInt(in.getShort(at + 4));
            int offset = in.getInt(at + 5) & 0xffffff;
            int bytes = in.getInt(at + 8) & 0xffffff;
            int length = header & 0xffffff;
            boolean isFragment = at + MESSAGE_HEADER_BYTES + bytes <= end && offset + bytes <= length;
            if (!isFragment || !isExpected(header, number, length)) return false;
            at += MESSAGE_HEADER_BYTES + bytes;
        }
        return true;
    }

    private boolean isExpected(int header, int number, int length) {
        switch (header >>> 24) {
            case CLIENT_HELLO, CERTIFICATE, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE -> {}
            default -> {
                return false;
            }
        }
        if (number >= MAX_MESSAGES || length > MAX_MESSAGE_BYTES) return false;
        if (messages[number] == 0 && memory.test(length)) messages[number] = header;
        return messages[number] == header;
    }
}
