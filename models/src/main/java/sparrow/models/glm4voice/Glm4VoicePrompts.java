package sparrow.models.glm4voice;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;

/**
 * Prompts of GLM-4-Voice (official demo): a system turn with an instruction, then for every turn the user's codes or text and the
 * opening of the assistant's reply.
 */
record Glm4VoicePrompts(Tokenizer tokenizer, Glm4VoiceTokens tokens) {
    /** Instruction of the official demo for a spoken question; mind the blank at the end. */
    static final String SPOKEN = "User will provide you with a speech instruction. Do it step by step. First, think"
            + " about the instruction and respond in a interleaved manner, with 13 text token followed by 26 audio"
            + " tokens. ";

    /** The same for typed questions; without the blank. */
    static final String TYPED = "User will provide you with a text instruction. Do it step by step. First, think about"
            + " the instruction and respond in a interleaved manner, with 13 text token followed by 26 audio tokens.";

    /** The beginning of a reply, before its first token. */
    static final String OPENING = "streaming_transcription\n";

    /**
     * Prompts of typed questions.
     *
     * @param instruction of the system turn
     */
    PromptBuilder<String> typed(String instruction) {
        return new Turns<>(instruction, (prompt, text) -> prompt.text("\n" + text));
    }

    /**
     * Prompts of spoken questions as codes; codes that have no token are left out.
     *
     * @param instruction of the system turn
     */
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

        /** Returns the model was trained to alternate by its own instruction, so another one stands behind it. */
        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            String all = instructions
                    .map(more -> instruction.stripTrailing() + " " + more)
                    .orElse(instruction);
            PromptWriter prompt = new PromptWriter(tokenizer)
                    .ids(tokens.mask(), tokens.start(), tokens.system())
                    .text("\n" + all);
            int shared = prompt.length();
            return turn(prompt, said).finish(shared);
        }

        @Override
        public PromptTokens later(T said) {
            return turn(new PromptWriter(tokenizer), said).finish(0);
        }

        private PromptWriter turn(PromptWriter prompt, T said) {
            content.accept(prompt.ids(tokens.user()), said);
            return prompt.ids(tokens.assistant()).text(OPENING);
        }
    }
}
