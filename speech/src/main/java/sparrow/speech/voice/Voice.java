package sparrow.speech.voice;

/**
 * A voice, the prompt of Step-Audio-2's flow decoder: recorded speech as codes, as speaker vector and as the mel frames
 * that the decoder would have made of it.
 *
 * @param codes of the speech, 25 a second, {@link #LEAST_CODES} or more; owned by the voice from now on, as all arrays
 * @param speaker the vector that the speaker encoder gives (192 values in the published model); its length is ignored
 * @param mel [2 * codes, 80], natural logarithms of magnitudes, 50 frames a second ({@code PromptMel})
 */
public record Voice(int[] codes, float[] speaker, float[] mel) {
    /** Values of a mel frame. */
    public static final int MEL_BINS = 80;

    /** Codes of a second of speech. */
    public static final double CODES_PER_SECOND = 25;

    /** Mel frames of one code. */
    public static final int FRAMES_PER_CODE = 2;

    /** The fewest codes of a voice: speaking block by block takes the first three as the look-ahead of the prompt. */
    public static final int LEAST_CODES = 3;

    public Voice {
        if (codes.length < LEAST_CODES) {
            throw new IllegalArgumentException("codes: expected " + LEAST_CODES + " or more, got " + codes.length);
        }
        for (int code : codes) {
            if (code < 0) throw new IllegalArgumentException("codes: expected 0 or more, got " + code);
        }
        if (speaker.length == 0) throw new IllegalArgumentException("speaker: expected 1 value or more, got none");
        int values = codes.length * FRAMES_PER_CODE * MEL_BINS;
        if (mel.length != values) {
            throw new IllegalArgumentException(
                    "mel: expected " + values + " values for " + codes.length + " codes, got " + mel.length);
        }
        requireFinite("speaker", speaker);
        requireFinite("mel", mel);
    }

    private static void requireFinite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + ": expected finite numbers, got " + value);
            }
        }
    }

    /** Mel frames. */
    public int frames() {
        return codes.length * FRAMES_PER_CODE;
    }

    /** Length of the speech in seconds. */
    public double seconds() {
        return codes.length / CODES_PER_SECOND;
    }
}
