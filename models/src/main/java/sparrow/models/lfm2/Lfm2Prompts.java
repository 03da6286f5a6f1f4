package sparrow.models.lfm2;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import sparrow.engine.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;

/**
 * Prompts of a conversation.
 *
 * @param width channels of a heard position
 */
record Lfm2Prompts(Tokenizer tokenizer, Lfm2Tokens tokens, int width) {
    /** The system turn of the official demo, which makes text and speech alternate. */
    static final String INTERLEAVED = "Respond with interleaved text and audio.";

    /** Prompts of typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(ChatMl::text);
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>((chat, pieces) -> {
            for (float[] piece : pieces) chat.heard(piece);
            return chat;
        });
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final BiFunction<ChatMl, T, ChatMl> content;

        Turns(BiFunction<ChatMl, T, ChatMl> content) {
            this.content = content;
        }

        /** Without its own sentence the model would not speak: a user's instructions follow it. */
        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            String system = instructions.map(more -> INTERLEAVED + "\n" + more).orElse(INTERLEAVED);
            ChatMl chat = new ChatMl(tokenizer, tokens, width)
                    .start()
                    .turn("system")
                    .text(system)
                    .end();
            int shared = chat.length();
            return question(chat, said).finish(shared);
        }

        /** The reply before ended with the end of its turn, or was cut off: either way that was not fed. */
        @Override
        public PromptTokens later(T said) {
            return question(new ChatMl(tokenizer, tokens, width).end(), said).finish(0);
        }

        private ChatMl question(ChatMl chat, T said) {
            return content.apply(chat.turn("user"), said).end().turn("assistant");
        }
    }
}
