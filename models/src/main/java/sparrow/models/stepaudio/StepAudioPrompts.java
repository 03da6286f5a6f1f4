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
 * Creates Step-Audio-2 prompts (official {@code apply_chat_template}). A turn is {@code <|BOT|>role}, a newline, the
 * content and {@code <|EOT|>}, with nothing between turns. The reply continues after the start of speech.
 *
 * @param width the number of channels in an embedding
 */
record StepAudioPrompts(Tokenizer tokenizer, StepAudioTokens tokens, int width) {
    /** System turn in the official examples. */
    private static final String INSTRUCTIONS = "You are a helpful assistant.";

    /** System turn in the official transcription example. */
    private static final String TRANSCRIBE = "请记录下你所听到的语音内容。";

    /** System turn in the official example for reading aloud, which is for the base model. */
    private static final String READ_ALOUD = "以自然的语速读出下面的文字。\n";

    /** Returns the builder for typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(this::typed);
    }

    /** Returns the builder for spoken questions. */
    PromptBuilder<List<float[]>> spoken() {
        return new Turns<>(this::spoken);
    }

    /** Returns the builder for questions that consist of text and recordings. */
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

    /** Returns the builder for tool outputs. */
    PromptBuilder<List<String>> outputs() {
        return new Turns<>((prompt, outputs) -> {
            for (String output : outputs) end(turn(prompt, "input").text(output));
        });
    }

    /**
     * Returns the builder for recordings to transcribe. The reply is text because the prompt contains no start of
     * speech.
     */
    PromptBuilder<List<float[]>> transcribed() {
        return new SingleTurn<>(TRANSCRIBE, pieces -> {
            PromptWriter prompt = begin(TRANSCRIBE);
            int shared = prompt.length();
            spoken(prompt, pieces);
            return turn(prompt, "assistant").finish(shared);
        });
    }

    /** Returns the builder for text to read aloud. */
    PromptBuilder<String> readAloud() {
        return new SingleTurn<>(READ_ALOUD, text -> {
            PromptWriter prompt = begin(READ_ALOUD);
            int shared = prompt.length();
            typed(prompt, text);
            return beginSpeech(prompt).finish(shared);
        });
    }

    private void typed(PromptWriter prompt, String text) {
        turn(prompt, "human", text);
    }

    private void spoken(PromptWriter prompt, List<float[]> pieces) {
        turn(prompt, "human");
        for (float[] piece : pieces) sound(prompt, piece);
        end(prompt);
    }

    private PromptWriter begin(String system) {
        return turn(new PromptWriter(tokenizer), "system", system);
    }

    private PromptWriter beginSpeech(PromptWriter prompt) {
        return turn(prompt, "assistant").ids(tokens.speechStart());
    }

    /** Begins a turn. The role is system, tool_json_schemas, human, assistant, or input for a tool output. */
    PromptWriter turn(PromptWriter prompt, String role) {
        return prompt.ids(tokens.turnStart()).text(role + "\n");
    }

    /** Writes a text turn, whose text is tokenized together with the role. */
    PromptWriter turn(PromptWriter prompt, String role, String text) {
        return end(prompt.ids(tokens.turnStart()).text(role + "\n" + text));
    }

    /**
     * Writes up to 25 s of audio.
     *
     * @param vectors the output of the audio adapter, [patches, width]; may be empty
     */
    PromptWriter sound(PromptWriter prompt, float[] vectors) {
        return prompt.ids(tokens.audioStart())
                .sound(vectors, width, tokens.audioPatch())
                .ids(tokens.audioEnd());
    }

    /** Ends a turn. */
    PromptWriter end(PromptWriter prompt) {
        return prompt.ids(tokens.turnEnd());
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final BiConsumer<PromptWriter, T> content;

        Turns(BiConsumer<PromptWriter, T> content) {
            this.content = content;
        }

        @Override
        public PromptTokens first(T question, Optional<String> instructions) {
            return first(question, instructions, List.of());
        }

        @Override
        public PromptTokens first(T question, Optional<String> instructions, List<Tool> tools) {
            PromptWriter prompt = begin(instructions.orElse(INSTRUCTIONS));
            if (!tools.isEmpty()) turn(prompt, "tool_json_schemas", StepAudioTools.schemas(tools));
            int shared = prompt.length();
            content.accept(prompt, question);
            return beginSpeech(prompt).finish(shared);
        }

        /**
         * Returns a prompt that begins with the end of the previous reply's turn, which the sequence does not contain
         * even if the model generated it.
         */
        @Override
        public PromptTokens later(T question) {
            PromptWriter prompt = end(new PromptWriter(tokenizer));
            content.accept(prompt, question);
            return beginSpeech(prompt).finish(0);
        }
    }
}
