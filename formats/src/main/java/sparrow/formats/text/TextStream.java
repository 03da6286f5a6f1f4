package sparrow.formats.text;

/**
 * Turns ids into text as they come. Bytes of an unfinished character are held back until the rest arrives, across
 * over any silent added tokens between them: an audio group may come between the two halves of one character.
 * Malformed bytes become U+FFFD, one for each maximal ill-formed part.
 */
public final class TextStream {
    /** The text of added tokens. */
    enum Added {
        /** Nothing: they are no part of what a listener reads. */
        SILENT,
        /** Their content. */
        WRITTEN
    }

    private final Tokenizer tokenizer;
    private final Added added;
    private final Utf8Stream utf8 = new Utf8Stream();

    TextStream(Tokenizer tokenizer, Added added) {
        this.tokenizer = tokenizer;
        this.added = added;
    }

    /** The text that this id completes, often all of it, sometimes nothing. */
    public String accept(int id) {
        if (added == Added.WRITTEN && tokenizer.isAdded(id)) return utf8.finish() + tokenizer.decode(id);
        return utf8.accept(tokenizer.textBytes(id));
    }

    /** The text that is left at the end: U+FFFD if a character never became whole, else nothing. The stream starts anew. */
    public String finish() {
        return utf8.finish();
    }
}
