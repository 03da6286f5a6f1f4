package sparrow.models.lfm2;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import sparrow.engine.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;

/**
 * Prompts of a conversation, and of the tasks beside it. A system sentence says which of them it is.
 *
 * @param width channels of a heard position
 */
record Lfm2Prompts(Tokenizer tokenizer, Lfm2Tokens tokens, int width) {
    /** The system turn of the official demo, which makes text and speech alternate. */
    static final String INTERLEAVED = "Respond with interleaved text and audio.";

    private static final String TRANSCRIBE = "Perform ASR.";

    /** Prompts of typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(ChatMl::text);
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>(Lfm2Prompts::heard);
    }

    /** Prompts of recordings, piece by piece, whose text is wanted. */
    PromptBuilder<List<float[]>> transcribed() {
        return new OneTurn<>(TRANSCRIBE, Lfm2Prompts::heard);
    }

    /**
     * Prompts of texts that are read aloud.
     *
     * @param voice in the words of the official sentence, such as {@code US female}
     */
    PromptBuilder<String> readAloud(String voice) {
        return new OneTurn<>("Perform TTS. Use the " + voice + " voice.", ChatMl::text);
    }

    private static ChatMl heard(ChatMl chat, List<float[]> pieces) {
        for (float[] piece : pieces) chat.heard(piece);
        return chat;
    }

    private ChatMl begin(String system) {
        return new ChatMl(tokenizer, tokens, width)
                .start()
                .turn("system")
                .text(system)
                .end();
    }

    private static <T> ChatMl question(ChatMl chat, BiFunction<ChatMl, T, ChatMl> content, T said) {
        return content.apply(chat.turn("user"), said).end().turn("assistant");
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final BiFunction<ChatMl, T, ChatMl> content;

        Turns(BiFunction<ChatMl, T, ChatMl> content) {
            this.content = content;
        }

        /** Without its own sentence the model would not speak: a user's instructions follow it. */
        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            ChatMl chat =
                    begin(instructions.map(more -> INTERLEAVED + "\n" + more).orElse(INTERLEAVED));
            int shared = chat.length();
            return question(chat, content, said).finish(shared);
        }

        /** The reply before ended with the end of its turn, or was cut off: either way that was not fed. */
        @Override
        public PromptTokens later(T said) {
            return question(new ChatMl(tokenizer, tokens, width).end(), content, said)
                    .finish(0);
        }
    }

    /** A task of one turn, whose sentence is the whole system turn. */
    private final class OneTurn<T> implements PromptBuilder<T> {
        private final String system;
        private final BiFunction<ChatMl, T, ChatMl> content;

        OneTurn(String system, BiFunction<ChatMl, T, ChatMl> content) {
            this.system = system;
            this.content = content;
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            if (instructions.isPresent()) {
                throw new IllegalArgumentException("instructions: expected none beside \"" + system + "\"");
            }
            ChatMl chat = begin(system);
            int shared = chat.length();
            return question(chat, content, said).finish(shared);
        }

        @Override
        public PromptTokens later(T said) {
            throw new IllegalArgumentException(
                    "question: expected a conversation of its own for each \"" + system + "\"");
        }
    }
}
