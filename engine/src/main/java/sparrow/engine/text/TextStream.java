package sparrow.engine.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns ids into text as they come. Bytes of an unfinished character are held back until the rest arrives, across
 * whatever added tokens lie between: an audio group may come between the two halves of one character. Added tokens
 * themselves say nothing here. Malformed bytes become U+FFFD, one for each maximal ill-formed part.
 */
public final class TextStream {
    private final Tokenizer tokenizer;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] heldBack = {};

    TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that this id completes, often all of it, sometimes nothing. */
    public String accept(int id) {
        return bytes(tokenizer.textBytes(id), false);
    }

    /** What is left at the end: U+FFFD if a character never became whole, else nothing. The stream starts anew. */
    public String finish() {
        String rest = bytes(new byte[0], true);
        utf8.reset();
        return rest;
    }

    String bytes(byte[] more, boolean last) {
        ByteBuffer in = ByteBuffer.allocate(heldBack.length + more.length)
                .put(heldBack)
                .put(more)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1); // never more chars than bytes
        utf8.decode(in, out, last);
        if (last) utf8.flush(out);
        heldBack = new byte[in.remaining()];
        in.get(heldBack);
        return out.flip().toString();
    }
}
