package sparrow.formats.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 incrementally and stores the bytes of an incomplete character. Each maximal ill-formed sequence of
 * bytes is replaced by one U+FFFD, as recommended by the Unicode standard (section 3.9) and implemented in Python and
 * Rust.
 */
final class Utf8Stream {
    private static final byte SURROGATE_LEAD = (byte) 0xED;
    private static final byte NEVER_IN_UTF8 = (byte) 0xFF;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] heldBack = {};

    /** Returns the text of a complete input. */
    static String decode(byte[] bytes) {
        return new Utf8Stream().decode(bytes, true);
    }

    /** Returns the text that additional bytes complete. */
    String accept(byte[] more) {
        return decode(more, false);
    }

    /**
     * Returns the remaining text and resets the stream. The text is U+FFFD if the last character is incomplete, and
     * empty otherwise.
     */
    String finish() {
        String rest = decode(new byte[0], true);
        decoder.reset();
        return rest;
    }

    private String decode(byte[] more, boolean last) {
        ByteBuffer in = ByteBuffer.allocate(heldBack.length + more.length)
                .put(heldBack)
                .put(more)
                .flip();
        splitSurrogates(in.array());
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1); // there are never more chars than bytes
        decoder.decode(in, out, last);
        if (last) decoder.flush(out);
        heldBack = new byte[in.remaining()];
        in.get(heldBack);
        return out.flip().toString();
    }

    /**
     * Replaces the first byte of encoded surrogates. Java's decoder reports the three bytes of a surrogate as one
     * ill-formed sequence, but they are three sequences because no character begins with the first two bytes.
     */
    private static void splitSurrogates(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            boolean surrogate = bytes[i] == SURROGATE_LEAD && (bytes[i + 1] & 0xE0) == 0xA0;
            if (surrogate) bytes[i] = NEVER_IN_UTF8;
        }
    }
}
