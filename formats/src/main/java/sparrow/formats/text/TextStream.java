package sparrow.formats.text;

/**
 * Decodes ids incrementally. The bytes of an incomplete character are stored until the remaining bytes arrive, even if
 * silent added tokens arrive in between, because an audio group may split a character. Each maximal ill-formed sequence
 * of bytes is replaced by one U+FFFD.
 */
public final class TextStream {
    /** Treatments of added tokens. */
    enum Added {
        /** Added tokens are skipped. */
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

    /** Returns the text that an id completes, or an empty string if the last character is still incomplete. */
    public String accept(int id) {
        if (added == Added.WRITTEN && tokenizer.isAdded(id)) return utf8.finish() + tokenizer.decode(id);
        return utf8.accept(tokenizer.textBytes(id));
    }

    /**
     * Returns the remaining text and resets the stream. The text is U+FFFD if the last character is incomplete, and
     * empty otherwise.
     */
    public String finish() {
        return utf8.finish();
    }
}
