package sparrow.speech.voice;

/**
 * A voice, which is the prompt of Step-Audio-2's flow decoder. It represents recorded speech as codes, a speaker vector
 * and mel frames. The voice takes ownership of the arrays.
 *
 * @param codes codes of the speech, 25 per second, at least {@link #MIN_CODES}
 * @param speaker output of the speaker encoder (192 values in the published model); its magnitude is ignored
 * @param mel mel frames of the speech, natural logarithms of magnitudes, [2 * codes, 80], 50 per second
 *     ({@code PromptMel})
 */
public record Voice(int[] codes, float[] speaker, float[] mel) {
    /** Number of values per mel frame. */
    public static final int MEL_BINS = 80;

    /** Number of codes per second of speech. */
    public static final double CODES_PER_SECOND = 25;

    /** Number of mel frames per code. */
    public static final int FRAMES_PER_CODE = 2;

    /** Minimum number of codes. A streamed utterance uses the first three codes as the prompt's look-ahead. */
    public static final int MIN_CODES = 3;

    public Voice {
        if (codes.length < MIN_CODES) {
            throw new IllegalArgumentException("codes: expected " + MIN_CODES + " or more, got " + codes.length);
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

    /** Returns the number of mel frames. */
    public int frames() {
        return codes.length * FRAMES_PER_CODE;
    }

    /** Returns the length of the speech in seconds. */
    public double seconds() {
        return codes.length / CODES_PER_SECOND;
    }
}
