package sparrow.models;

import java.util.List;
import sparrow.speech.wave.Waveform;

/** A user's turn. */
public sealed interface Question {
    /** Returns the duration of the question's audio in seconds, or 0 if it has no audio or the duration is unknown. */
    double seconds();

    /** A spoken question, at any sample rate. */
    record Spoken(Waveform waveform) implements Question {
        @Override
        public double seconds() {
            return waveform.seconds();
        }
    }

    /**
     * An encoded spoken question, for models that accept codes.
     *
     * @param codes the speech tokenizer's codes, at least one
     * @param seconds the duration of the audio, or 0 if unknown
     */
    record Codes(int[] codes, double seconds) implements Question {
        public Codes {
            if (codes.length == 0) throw new IllegalArgumentException("question: expected one speech code or more");
            for (int code : codes) {
                if (code < 0) throw new IllegalArgumentException("speech code: expected 0 or more, got " + code);
            }
        }

        /** Creates a question of unknown duration. */
        public Codes(int[] codes) {
            this(codes, 0);
        }
    }

    /**
     * An encoded spoken question, for models that accept vectors.
     *
     * @param pieces the output of the model's encoder, each [positions, width]; must not be modified
     * @param seconds the duration of the audio
     */
    record Embeddings(List<float[]> pieces, double seconds) implements Question {
        public Embeddings {
            pieces = List.copyOf(pieces);
        }
    }

    /**
     * The outputs of the tools that the model called in its previous reply. The model answers them like a question.
     *
     * @param texts the output of each call, in the order of the calls
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

    /** A question that consists of typed and spoken parts, for models with {@link SpokenModel#mixesText}. */
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

    /** A typed question. */
    record Typed(String text) implements Question {
        public Typed {
            if (text.isBlank()) throw new IllegalArgumentException("question: expected some text, got none");
        }

        @Override
        public double seconds() {
            return 0;
        }
    }
}
