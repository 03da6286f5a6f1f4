package sparrow.engine.decode;

/** The prompt of a reply, on its way into the sequence. */
final class PromptFeed {
    private final Request request;
    private int fed;

    PromptFeed(Request request) {
        this.request = request;
        this.fed = request.held();
    }

    /** Positions that are still to be fed. */
    int left() {
        return request.prompt().length - fed;
    }

    /**
     * Appends the next positions, which a pass is to carry then.
     *
     * @return how many there were
     */
    int feed(int most) {
        int end = fed + Math.min(left(), most);
        int count = end - fed;
        for (; fed < end; fed++) request.sequence().append(request.prompt(), request.embeddings(), fed);
        return count;
    }
}
