package sparrow.models.family;

import java.util.List;
import java.util.Optional;
import sparrow.speech.wave.Waveform;

/**
 * Turns sound into prompts: a speech encoder, and a builder of prompts from its output. Thread-safe.
 */
public sealed interface SpeechInput {
    /** Returns the number of context positions per second of sound. */
    double positionsPerSecond();

    /**
     * Returns the input features of the encoder's networks for a waveform, [bins] for each frame, to compare with
     * another implementation.
     */
    default List<float[]> features(Waveform waveform) {
        return switch (this) {
            case Tokens tokens -> tokens.encoder().features(waveform);
            case Embeddings embeddings -> embeddings.encoder().features(waveform);
        };
    }

    /**
     * Returns the given sound if it can be speech.
     *
     * @throws IllegalArgumentException if a sample is not finite or far out of range, or the sound is silent
     */
    static Waveform requireSpeech(Waveform sound) {
        // Twice the largest 16-bit integer, because some callers pass unscaled samples, which encode just as well.
        int maxPeak = 1 << 16;
        float peak = sound.peak();
        // The peak is NaN if any sample is.
        if (!(peak <= maxPeak)) {
            throw new IllegalArgumentException(
                    "question: expected samples whose full scale is -1 to 1, found a peak of " + peak);
        }
        if (sound.isSilent()) {
            throw new IllegalArgumentException("question: " + silence(sound));
        }
        return sound;
    }

    /** Returns the message about a silent sound, with its peak in dB of full scale, at least -100. */
    static String silence(Waveform sound) {
        long decibels = Math.round(20 * Math.log10(Math.max(sound.peak(), 1e-5)));
        return "expected speech, found silence (peak " + decibels + " dB)";
    }

    /**
     * Checks that a sound can fit the context, before minutes are spent on encoding it.
     *
     * @param contextLength number of positions of the context
     * @throws IllegalArgumentException if the sound needs more positions
     */
    default void requireRoom(Waveform waveform, int contextLength) {
        double maxSeconds = contextLength / positionsPerSecond();
        if (waveform.seconds() > maxSeconds) {
            throw new IllegalArgumentException("question: " + Math.round(waveform.seconds())
                    + " s of sound do not fit the context, expected at most " + Math.round(maxSeconds) + " s");
        }
    }

    /**
     * Turns sound into speech codes, which are ordinary tokens of the prompt.
     *
     * @param encoder encodes sound as codes, each 0 or more
     * @param builder builds prompts from codes and omits codes that have no token
     * @param positionsPerSecond context positions per second of sound
     */
    record Tokens(TokenEncoder encoder, PromptBuilder<int[]> builder, double positionsPerSecond)
            implements SpeechInput {
        /**
         * Returns the codes of a waveform.
         *
         * @throws IllegalArgumentException if it is silent, or a sample is invalid
         */
        public int[] encode(Waveform waveform) {
            return encoder.encode(SpeechInput.requireSpeech(waveform));
        }

        /**
         * Returns the leading codes of an unfinished sound that later sound most likely does not change; none if it has
         * been silent so far.
         *
         * @throws IllegalArgumentException if a sample is invalid
         */
        public int[] encodeStablePrefix(Waveform soFar) {
            return soFar.isSilent() ? new int[0] : encoder.encodeStablePrefix(SpeechInput.requireSpeech(soFar));
        }
    }

    /**
     * Turns sound into embeddings, which the prompt contains in place of token embeddings.
     *
     * @param encoder encodes sound as pieces, each [positions, width]; a piece may be empty
     * @param builder builds prompts from pieces
     * @param mixed builds prompts from texts and pieces; empty if a turn cannot contain both
     * @param positionsPerSecond context positions per second of sound
     */
    record Embeddings(
            Encoder<List<float[]>> encoder,
            PromptBuilder<List<float[]>> builder,
            Optional<PromptBuilder<List<Part>>> mixed,
            double positionsPerSecond)
            implements SpeechInput {
        /** A part of a turn. */
        public sealed interface Part {}

        /** A text. */
        public record Text(String text) implements Part {}

        /**
         * A piece of a sound.
         *
         * @param vectors [positions, width]
         */
        public record Piece(float[] vectors) implements Part {}

        /**
         * Returns the embeddings of each piece of a waveform.
         *
         * @throws IllegalArgumentException if it is silent, or a sample is invalid
         */
        public List<float[]> encode(Waveform waveform) {
            return encoder.encode(SpeechInput.requireSpeech(waveform));
        }
    }

    /**
     * A speech encoder, loaded on first use.
     *
     * @param <T> type of encoded sound
     */
    interface Encoder<T> {
        /** Encodes a waveform of any sample rate. */
        T encode(Waveform waveform);

        /** Returns the networks' input features for a waveform of any sample rate, [bins] for each frame. */
        List<float[]> features(Waveform waveform);
    }

    /** A speech encoder that outputs codes. */
    interface TokenEncoder extends Encoder<int[]> {
        /** Returns the leading codes of an unfinished sound that later sound does not change. */
        int[] encodeStablePrefix(Waveform soFar);
    }
}
