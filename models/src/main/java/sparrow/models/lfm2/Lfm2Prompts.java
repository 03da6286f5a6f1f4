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
 * Prompts of a conversation, and of the tasks beside it. A turn is {@code <|im_start|>role}, a line end, the content, {@code
 * <|im_end|>} and a line end. A system sentence says which of the tasks it is.
 *
 * @param width channels of a position
 */
record Lfm2Prompts(Tokenizer tokenizer, Lfm2Tokens tokens, int width) {
    /** The system turn of the official demo, which makes text and speech alternate. */
    static final String INTERLEAVED = "Respond with interleaved text and audio.";

    private static final String TRANSCRIBE = "Perform ASR.";

    /** Prompts of typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(PromptWriter::text);
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>(this::heard);
    }

    /** Prompts of texts and sounds in one turn, each where it was added. */
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

    /** Prompts of recordings, piece by piece, whose text is wanted. */
    PromptBuilder<List<float[]>> transcribed() {
        return new SingleTurn<>(TRANSCRIBE, pieces -> first(TRANSCRIBE, this::heard, pieces));
    }

    /**
     * Prompts of texts that are read aloud.
     *
     * @param voice in the words of the official sentence, such as {@code US female}
     */
    PromptBuilder<String> readAloud(String voice) {
        String sentence = "Perform TTS. Use the " + voice + " voice.";
        return new SingleTurn<>(sentence, text -> first(sentence, PromptWriter::text, text));
    }

    private void heard(PromptWriter prompt, List<float[]> pieces) {
        for (float[] piece : pieces) sound(prompt, piece);
    }

    private <T> PromptTokens first(String system, BiConsumer<PromptWriter, T> content, T said) {
        PromptWriter prompt = end(turn(start(), "system").text(system));
        int shared = prompt.length();
        return question(prompt, content, said).finish(shared);
    }

    private <T> PromptWriter question(PromptWriter prompt, BiConsumer<PromptWriter, T> content, T said) {
        content.accept(turn(prompt, "user"), said);
        return turn(end(prompt), "assistant");
    }

    /** Opens the conversation. */
    PromptWriter start() {
        return new PromptWriter(tokenizer).ids(tokens.start());
    }

    /**
     * Opens a turn.
     *
     * @param role system, user or assistant
     */
    PromptWriter turn(PromptWriter prompt, String role) {
        return prompt.ids(tokens.turnStart()).text(role + "\n");
    }

    /**
     * Returns a sound within a turn; nothing stands around it.
     *
     * @param vectors output of the audio adaptor, [positions, width]
     */
    PromptWriter sound(PromptWriter prompt, float[] vectors) {
        return prompt.sound(vectors, width, Lfm2Tokens.PLACEHOLDER);
    }

    /** Closes a turn. */
    PromptWriter end(PromptWriter prompt) {
        return prompt.ids(tokens.turnEnd()).text("\n");
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final BiConsumer<PromptWriter, T> content;

        Turns(BiConsumer<PromptWriter, T> content) {
            this.content = content;
        }

        /** Without its own sentence the model would not speak: a user's instructions follow it. */
        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            String system = instructions.map(more -> INTERLEAVED + "\n" + more).orElse(INTERLEAVED);
            return Lfm2Prompts.this.first(system, content, said);
        }

        /** Returns the reply before ended with the end of its turn, or was cut off: either way that was not fed. */
        @Override
        public PromptTokens later(T said) {
            return question(end(new PromptWriter(tokenizer)), content, said).finish(0);
        }
    }
}
