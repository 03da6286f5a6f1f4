package sparrow.speech.encode;

/** Which of the valid frames a frame attends to. */
sealed interface AttentionMask {
    /** All of them. */
    record Full() implements AttentionMask {}

    /**
     * Those up to the end of its own block.
     *
     * @param frames of a block
     */
    record BlockCausal(int frames) implements AttentionMask {}

    /** Frames that see the same ones, when there are {@code frames} in all. */
    default int blockFrames(int frames) {
        return switch (this) {
            case Full() -> frames;
            case BlockCausal(int block) -> block;
        };
    }
}
