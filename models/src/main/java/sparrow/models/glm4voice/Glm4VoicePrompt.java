package sparrow.models.glm4voice;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.BadFileException;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;

/**
 * The prompt of GLM-4-Voice (official demo): a system turn with an instruction, then for every turn the user's codes or
 * text and the opening of the assistant's reply. Control tokens go in as ids and a user's text is encoded as text
 * only, so that nothing a user types can pose as a control token.
 */
final class Glm4VoicePrompt {
    /** Instruction of the official demo for a spoken question; mind the blank at the end. */
    static final String SPOKEN = "User will provide you with a speech instruction. Do it step by step. First, think"
            + " about the instruction and respond in a interleaved manner, with 13 text token followed by 26 audio"
            + " tokens. ";

    /** The same for typed questions; without the blank. */
    static final String TYPED = "User will provide you with a text instruction. Do it step by step. First, think about"
            + " the instruction and respond in a interleaved manner, with 13 text token followed by 26 audio tokens.";

    /** The beginning of a reply, before its first token. */
    static final String OPENING = "streaming_transcription\n";

    private final Tokenizer tokenizer;
    private final TokenSpace tokens;
    private final int[] prefix;
    private final int system;
    private final int user;
    private final int assistant;
    private final int beginOfAudio;
    private final int endOfAudio;

    /**
     * @param source the tokenizer's folder, for messages
     * @throws BadFileException if a control token is missing
     */
    Glm4VoicePrompt(Tokenizer tokenizer, TokenSpace tokens, Path source) {
        this.tokenizer = tokenizer;
        this.tokens = tokens;
        this.prefix = new int[] {id("[gMASK]", source), id("<sop>", source)};
        this.system = id("<|system|>", source);
        this.user = id("<|user|>", source);
        this.assistant = id("<|assistant|>", source);
        this.beginOfAudio = id("<|begin_of_audio|>", source);
        this.endOfAudio = id("<|end_of_audio|>", source);
    }

    /**
     * Prompts of typed questions.
     *
     * @param instruction of the system turn
     */
    PromptBuilder<String> typed(String instruction) {
        return new Turns<>(more -> opening(instruction, more), this::typedTurn);
    }

    /**
     * Prompts of spoken questions as codes; codes that have no token are left out.
     *
     * @param instruction of the system turn
     */
    PromptBuilder<int[]> spoken(String instruction) {
        return new Turns<>(more -> opening(instruction, more), this::spokenTurn);
    }

    /** Turns, of which the first stands behind what opens a conversation. */
    private record Turns<T>(Function<Optional<String>, int[]> opening, Function<T, int[]> turn)
            implements PromptBuilder<T> {
        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            int[] system = opening.apply(instructions);
            return new PromptTokens(concat(system, turn.apply(said)), List.of(), system.length);
        }

        @Override
        public PromptTokens later(T said) {
            return new PromptTokens(turn.apply(said), List.of(), 0);
        }
    }

    /** The model was trained to alternate by its own instruction, so another one stands behind it. */
    private int[] opening(String instruction, Optional<String> more) {
        String all = more.map(text -> instruction.stripTrailing() + " " + text).orElse(instruction);
        return concat(prefix, new int[] {system}, tokenizer.encodeText("\n" + all));
    }

    private int[] spokenTurn(int[] codes) {
        int[] ids = Arrays.stream(codes)
                .filter(code -> code < tokens.codes())
                .map(code -> tokens.speechOffset() + code)
                .toArray();
        int[] before = concat(new int[] {user}, tokenizer.encodeText("\n"), new int[] {beginOfAudio});
        return concat(before, ids, new int[] {endOfAudio}, reply());
    }

    private int[] typedTurn(String text) {
        return concat(new int[] {user}, tokenizer.encodeText("\n" + text), reply());
    }

    private int[] reply() {
        return concat(new int[] {assistant}, tokenizer.encodeText(OPENING));
    }

    private int id(String token, Path source) {
        return tokenizer
                .id(token)
                .orElseThrow(() -> new BadFileException(source, "added token " + token, "is missing"));
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }
}
