package sparrow.formats.text;

/**
 * Decodes ids incrementally. Bytes of an incomplete character are held until the rest arrives, even if silent added
 * tokens come in between: an audio group may split a character. Malformed bytes become U+FFFD, one for each maximal
 * ill-formed part.
 */
public final class TextStream {
    /** The treatment of added tokens. */
    enum Added {
        /** Added tokens are skipped because a listener does not read them. */
        SILENT,
        /** Added tokens are decoded to their content. */
        WRITTEN
    }

    private final Tokenizer tokenizer;
    private final Added added;
    private final Utf8Stream utf8 = new Utf8Stream();

    TextStream(Tokenizer tokenizer, Added added) {
        this.tokenizer = tokenizer;
        this.added = added;
    }

    /** Returns the text that an id completes; empty if its last character is incomplete. */
    public String accept(int id) {
        if (added == Added.WRITTEN && tokenizer.isAdded(id)) return utf8.finish() + tokenizer.decode(id);
        return utf8.accept(tokenizer.textBytes(id));
    }

    /**
     * Returns the remaining text: U+FFFD if the last character is incomplete, otherwise an empty string. Resets the
     * stream.
     */
    public String finish() {
        return utf8.finish();
    }
}
