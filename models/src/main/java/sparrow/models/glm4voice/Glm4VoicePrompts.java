package sparrow.models.glm4voice;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;

/**
 * Creates GLM-4-Voice prompts as in the official demo. A system turn with an instruction is followed by turns. Each
 * turn consists of the user's codes or text and the beginning of the assistant's reply.
 */
public record Glm4VoicePrompts(Tokenizer tokenizer, Glm4VoiceTokens tokens) {
    /** The official demo's instruction for spoken questions, which ends with a space. */
    public static final String SPOKEN =
            "User will provide you with a speech instruction. Do it step by step. First, think"
                    + " about the instruction and respond in a interleaved manner, with 13 text token followed by 26 audio"
                    + " tokens. ";

    /** The official demo's instruction for typed questions, which does not end with a space. */
    public static final String TYPED =
            "User will provide you with a text instruction. Do it step by step. First, think about"
                    + " the instruction and respond in a interleaved manner, with 13 text token followed by 26 audio tokens.";

    /** The beginning of a reply, before its first token. */
    public static final String OPENING = "streaming_transcription\n";

    /** Returns the builder for typed questions, with the given instruction in the system turn. */
    PromptBuilder<String> typed(String instruction) {
        return new Turns<>(instruction, (prompt, text) -> prompt.text("\n" + text));
    }

    /** Returns the builder for spoken questions, with the given instruction. Codes without a token are omitted. */
    PromptBuilder<int[]> spoken(String instruction) {
        return new Turns<>(instruction, this::codes);
    }

    private void codes(PromptWriter prompt, int[] codes) {
        int[] ids = Arrays.stream(codes)
                .filter(code -> code < tokens.space().codes())
                .map(code -> tokens.space().speechOffset() + code)
                .toArray();
        prompt.text("\n").ids(tokens.audioStart()).ids(ids).ids(tokens.audioEnd());
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final String instruction;
        private final BiConsumer<PromptWriter, T> content;

        Turns(String instruction, BiConsumer<PromptWriter, T> content) {
            this.instruction = instruction;
            this.content = content;
        }

        /**
         * Appends instructions to the model's own instruction, with which it was trained and which makes it alternate
         * text and speech.
         */
        @Override
        public PromptTokens first(T question, Optional<String> instructions) {
            String all = instructions
                    .map(more -> instruction.stripTrailing() + " " + more)
                    .orElse(instruction);
            PromptWriter prompt = new PromptWriter(tokenizer)
                    .ids(tokens.mask(), tokens.start(), tokens.system())
                    .text("\n" + all);
            int shared = prompt.length();
            return turn(prompt, question).finish(shared);
        }

        @Override
        public PromptTokens later(T question) {
            return turn(new PromptWriter(tokenizer), question).finish(0);
        }

        private PromptWriter turn(PromptWriter prompt, T question) {
            content.accept(prompt.ids(tokens.user()), question);
            return prompt.ids(tokens.assistant()).text(OPENING);
        }
    }
}
