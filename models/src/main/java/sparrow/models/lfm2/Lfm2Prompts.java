package sparrow.models.lfm2;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;
import sparrow.models.family.SingleTurn;
import sparrow.models.family.SpeechInput.Embeddings.Part;
import sparrow.models.family.SpeechInput.Embeddings.Piece;
import sparrow.models.family.SpeechInput.Embeddings.Text;

/**
 * Creates prompts for conversations and other tasks, which are selected by a sentence in the system turn. A turn is
 * {@code <|im_start|>role}, a newline, the content, {@code <|im_end|>} and a newline.
 *
 * @param width the number of channels in an embedding
 */
public record Lfm2Prompts(Tokenizer tokenizer, Lfm2Tokens tokens, int width) {
    /** The system turn of the official conversation demo. */
    public static final String INTERLEAVED = "Respond with interleaved text and audio.";

    private static final String TRANSCRIBE = "Perform ASR.";

    /** Returns the builder for typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(PromptWriter::text);
    }

    /** Returns the builder for spoken questions. */
    PromptBuilder<List<float[]>> spoken() {
        return new Turns<>(this::pieces);
    }

    /** Returns the builder for questions that consist of texts and recordings. */
    PromptBuilder<List<Part>> mixed() {
        return new Turns<>((prompt, parts) -> {
            for (Part part : parts) {
                switch (part) {
                    case Text(String text) -> prompt.text(text);
                    case Piece(float[] vectors) -> sound(prompt, vectors);
                }
            }
        });
    }

    /** Returns the builder for recordings to transcribe. */
    PromptBuilder<List<float[]>> transcribed() {
        return new SingleTurn<>(TRANSCRIBE, pieces -> first(TRANSCRIBE, this::pieces, pieces));
    }

    /**
     * Returns the builder for texts to read aloud.
     *
     * @param voice the voice's name in the official system turn, such as {@code US female}
     */
    PromptBuilder<String> readAloud(String voice) {
        String sentence = "Perform TTS. Use the " + voice + " voice.";
        return new SingleTurn<>(sentence, text -> first(sentence, PromptWriter::text, text));
    }

    private void pieces(PromptWriter prompt, List<float[]> pieces) {
        for (float[] piece : pieces) sound(prompt, piece);
    }

    private <T> PromptTokens first(String system, BiConsumer<PromptWriter, T> content, T question) {
        PromptWriter prompt = end(turn(start(), "system").text(system));
        int shared = prompt.length();
        return question(prompt, content, question).finish(shared);
    }

    private <T> PromptWriter question(PromptWriter prompt, BiConsumer<PromptWriter, T> content, T question) {
        content.accept(turn(prompt, "user"), question);
        return turn(end(prompt), "assistant");
    }

    /** Begins a conversation. */
    PromptWriter start() {
        return new PromptWriter(tokenizer).ids(tokens.start());
    }

    /**
     * Begins a turn.
     *
     * @param role system, user or assistant
     */
    PromptWriter turn(PromptWriter prompt, String role) {
        return prompt.ids(tokens.turnStart()).text(role + "\n");
    }

    /**
     * Writes audio within a turn, without tokens around it.
     *
     * @param vectors the output of the audio adapter, [positions, width]
     */
    PromptWriter sound(PromptWriter prompt, float[] vectors) {
        return prompt.sound(vectors, width, Lfm2Tokens.PLACEHOLDER);
    }

    /** Ends a turn. */
    PromptWriter end(PromptWriter prompt) {
        return prompt.ids(tokens.turnEnd()).text("\n");
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final BiConsumer<PromptWriter, T> content;

        Turns(BiConsumer<PromptWriter, T> content) {
            this.content = content;
        }

        /** Writes the instructions after {@link #INTERLEAVED}, without which the model does not reply with speech. */
        @Override
        public PromptTokens first(T question, Optional<String> instructions) {
            String system = instructions.map(more -> INTERLEAVED + "\n" + more).orElse(INTERLEAVED);
            return Lfm2Prompts.this.first(system, content, question);
        }

        /**
         * Begins with the end of the previous reply's turn, which the sequence does not contain even if the model
         * generated it.
         */
        @Override
        public PromptTokens later(T question) {
            return Lfm2Prompts.this
                    .question(end(new PromptWriter(tokenizer)), content, question)
                    .finish(0);
        }
    }
}
