package sparrow.engine.text;

/**
 * Turns ids into text as they come. Bytes of an unfinished character are held back until the rest arrives, across
 * whatever added tokens lie between: an audio group may come between the two halves of one character. Added tokens
 * themselves say nothing here. Malformed bytes become U+FFFD, one for each maximal ill-formed part.
 */
public final class TextStream {
    private final Tokenizer tokenizer;
    private final Utf8Stream utf8 = new Utf8Stream();

    TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that this id completes, often all of it, sometimes nothing. */
    public String accept(int id) {
        return utf8.accept(tokenizer.textBytes(id));
    }

    /** What is left at the end: U+FFFD if a character never became whole, else nothing. The stream starts anew. */
    public String finish() {
        return utf8.finish();
    }
}
