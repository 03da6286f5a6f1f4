package sparrow.models.stepaudio;

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
import sparrow.models.family.Tool;

/**
 * Prompts of Step-Audio-2 (official {@code apply_chat_template}). A turn is {@code <|BOT|>role}, a line end, the content,
 * {@code <|EOT|>}; turns stand side by side. The reply goes on behind the start of speech.
 *
 * @param width numbers of a hidden state
 */
record StepAudioPrompts(Tokenizer tokenizer, StepAudioTokens tokens, int width) {
    /** Text of the system turn in the official examples. */
    private static final String INSTRUCTIONS = "You are a helpful assistant.";

    /** Text of the system turn in the official example of recognition. */
    private static final String TRANSCRIBE = "请记录下你所听到的语音内容。";

    /** The same of reading aloud, of the base model. */
    private static final String READ_ALOUD = "以自然的语速读出下面的文字。\n";

    /** Prompts of typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(this::typed);
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>(this::heard);
    }

    /** Prompts of texts and sounds in one turn: a list of parts, of which each is a fragment. */
    PromptBuilder<List<Part>> mixed() {
        return new Turns<>((prompt, parts) -> {
            turn(prompt, "human");
            for (Part part : parts) {
                switch (part) {
                    case Text(String text) -> prompt.text(text);
                    case Piece(float[] vectors) -> sound(prompt, vectors);
                }
            }
            end(prompt);
        });
    }

    /** Prompts of the outputs of tools. */
    PromptBuilder<List<String>> outputs() {
        return new Turns<>((prompt, outputs) -> {
            for (String output : outputs) end(turn(prompt, "input").text(output));
        });
    }

    /** Prompts of recordings, piece by piece, whose text is wanted: without the start of speech the reply is text. */
    PromptBuilder<List<float[]>> transcribed() {
        return new SingleTurn<>(TRANSCRIBE, pieces -> {
            PromptWriter prompt = begin(TRANSCRIBE);
            int shared = prompt.length();
            heard(prompt, pieces);
            return turn(prompt, "assistant").finish(shared);
        });
    }

    /** Prompts of texts that are read aloud. */
    PromptBuilder<String> readAloud() {
        return new SingleTurn<>(READ_ALOUD, text -> {
            PromptWriter prompt = begin(READ_ALOUD);
            int shared = prompt.length();
            typed(prompt, text);
            return spoken(prompt).finish(shared);
        });
    }

    private void typed(PromptWriter prompt, String text) {
        turn(prompt, "human", text);
    }

    private void heard(PromptWriter prompt, List<float[]> pieces) {
        turn(prompt, "human");
        for (float[] piece : pieces) sound(prompt, piece);
        end(prompt);
    }

    private PromptWriter begin(String system) {
        return turn(new PromptWriter(tokenizer), "system", system);
    }

    private PromptWriter spoken(PromptWriter prompt) {
        return turn(prompt, "assistant").ids(tokens.speechStart());
    }

    /**
     * Opens a turn.
     *
     * @param role system, tool_json_schemas, human, assistant, or input for the output of a tool
     */
    PromptWriter turn(PromptWriter prompt, String role) {
        return prompt.ids(tokens.turnStart()).text(role + "\n");
    }

    /** Returns a turn of a text, which is one fragment with the role. */
    PromptWriter turn(PromptWriter prompt, String role, String text) {
        return end(prompt.ids(tokens.turnStart()).text(role + "\n" + text));
    }

    /**
     * Returns a piece of sound of up to 25 s.
     *
     * @param vectors output of the audio adaptor, [patches, width]; may be none
     */
    PromptWriter sound(PromptWriter prompt, float[] vectors) {
        return prompt.ids(tokens.audioStart())
                .sound(vectors, width, tokens.audioPatch())
                .ids(tokens.audioEnd());
    }

    /** Closes a turn. */
    PromptWriter end(PromptWriter prompt) {
        return prompt.ids(tokens.turnEnd());
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final BiConsumer<PromptWriter, T> question;

        Turns(BiConsumer<PromptWriter, T> question) {
            this.question = question;
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            return first(said, instructions, List.of());
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions, List<Tool> tools) {
            PromptWriter prompt = begin(instructions.orElse(INSTRUCTIONS));
            if (!tools.isEmpty()) turn(prompt, "tool_json_schemas", StepAudioTools.schemas(tools));
            int shared = prompt.length();
            question.accept(prompt, said);
            return spoken(prompt).finish(shared);
        }

        /** Returns the reply before ended with the end of turn, or was cut off: either way its end was not fed. */
        @Override
        public PromptTokens later(T said) {
            PromptWriter prompt = end(new PromptWriter(tokenizer));
            question.accept(prompt, said);
            return spoken(prompt).finish(0);
        }
    }
}
