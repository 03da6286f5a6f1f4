package sparrow.models;

import java.util.List;
import sparrow.speech.wave.Waveform;

/** One turn of the user. */
public sealed interface Question {
    /** Seconds of its sound; 0 if there is none, or if its length is unknown. */
    double seconds();

    /** A spoken question, at any rate. */
    record Spoken(Waveform waveform) implements Question {
        @Override
        public double seconds() {
            return waveform.seconds();
        }
    }

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

        @Override
        public double seconds() {
            return 0;
        }
    }

    /**
     * Texts and recordings in one turn, for models with {@link SpokenModel#mixesText}.
     *
     * @param parts in their order, each typed or spoken
     */
    record Mixed(List<Question> parts) implements Question {
        public Mixed {
            parts = List.copyOf(parts);
            for (Question part : parts) {
                if (part instanceof Mixed || part instanceof ToolOutputs) {
                    throw new IllegalArgumentException("question: expected typed and spoken parts, got " + part);
                }
            }
        }

        @Override
        public double seconds() {
            return parts.stream().mapToDouble(Question::seconds).sum();
        }
    }

    /** A typed question: the model's text mode. */
    record Typed(String text) implements Question {
        public Typed {
            if (text.isBlank()) throw new IllegalArgumentException("question: expected some text");
        }

        @Override
        public double seconds() {
            return 0;
        }
    }
}
