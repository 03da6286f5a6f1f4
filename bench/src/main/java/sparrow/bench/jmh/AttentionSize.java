package sparrow.bench.jmh;

/**
 * Heads of one layer.
 *
 * @param heads query heads
 * @param kvHeads key heads
 * @param headWidth channels of each
 */
record AttentionSize(int heads, int kvHeads, int headWidth) {
    static AttentionSize of(String model) {
        return switch (model) {
            case "glm-4-voice" -> new AttentionSize(32, 2, 128);
            case "step-audio-2-mini" -> new AttentionSize(28, 4, 128);
            default ->
                throw new IllegalArgumentException("model: expected glm-4-voice or step-audio-2-mini, got " + model);
        };
    }

    /** Channels of the query heads that a key head serves. */
    int groupWidth() {
        return heads / kvHeads * headWidth;
    }

    /** Each key and value is read once, and multiplied with every query head that sees it. */
    Work work(int positions, int rows) {
        double perHead = (double) positions * headWidth;
        return new Work(2 * 2 * perHead * heads * rows, 2 * perHead * kvHeads * Float.BYTES);
    }
}
