package sparrow.models;

import java.util.List;
import sparrow.speech.wave.Waveform;

/** One turn of the user. */
public sealed interface Question {
    /** A spoken question, at any rate. */
    record Spoken(Waveform waveform) implements Question {}

    /**
     * A spoken question that is encoded already, for models that hear codes.
     *
     * @param codes of the speech tokenizer, one or more
     * @param seconds its length; 0 if unknown
     */
    record Codes(int[] codes, double seconds) implements Question {
        public Codes {
            if (codes.length == 0) throw new IllegalArgumentException("question: expected one speech code or more");
            for (int code : codes) {
                if (code < 0) throw new IllegalArgumentException("speech code: expected 0 or more, got " + code);
            }
        }

        /** Codes of a question of unknown length. */
        public Codes(int[] codes) {
            this(codes, 0);
        }
    }

    /**
     * A spoken question that is encoded already, for models that hear vectors.
     *
     * @param pieces output of the model's encoder, each [positions, width]; not to be changed
     * @param seconds its length
     */
    record Embeddings(List<float[]> pieces, double seconds) implements Question {
        public Embeddings {
            pieces = List.copyOf(pieces);
        }
    }

    /**
     * The outputs of the tools that the model called in its reply, in the order of the calls: the model answers them as a question.
     *
     * @param texts one of each call
     */
    record ToolOutputs(List<String> texts) implements Question {
        public ToolOutputs {
            texts = List.copyOf(texts);
        }
    }

    /** A typed question: the model's text mode. */
    record Typed(String text) implements Question {
        public Typed {
            if (text.isBlank()) throw new IllegalArgumentException("question: expected some text");
        }
    }
}
