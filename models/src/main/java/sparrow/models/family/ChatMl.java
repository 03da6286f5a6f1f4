package sparrow.models.family;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.SpeechInput.Embeddings.Part;
import sparrow.models.family.SpeechInput.Embeddings.Piece;
import sparrow.models.family.SpeechInput.Embeddings.Text;

/**
 * Writes prompts in ChatML. A turn is {@code <|im_start|>role}, a newline, the content, {@code <|im_end|>} and a
 * newline. Encoded audio is written within a turn, without surrounding tokens.
 *
 * @param start the id that begins every conversation
 * @param turnStart the id that begins a turn
 * @param turnEnd the id that ends a turn
 * @param placeholder the id to write at each position of encoded audio
 * @param width the number of channels of an embedding
 */
public record ChatMl(Tokenizer tokenizer, int start, int turnStart, int turnEnd, int placeholder, int width) {
    /** Returns a new prompt that contains the start of a conversation. */
    public PromptWriter begin() {
        return new PromptWriter(tokenizer).ids(start);
    }

    /**
     * Appends the start of a turn.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     */
    public PromptWriter turn(PromptWriter prompt, String role) {
        return prompt.ids(turnStart).text(role + "\n");
    }

    /** Appends the end of a turn. */
    public PromptWriter end(PromptWriter prompt) {
        return prompt.ids(turnEnd).text("\n");
    }

    /**
     * Writes encoded audio within a turn.
     *
     * @param vectors the output of the audio encoder, [positions, width]
     */
    public PromptWriter sound(PromptWriter prompt, float[] vectors) {
        return prompt.sound(vectors, width, placeholder);
    }

    /** Writes pieces of encoded audio within a turn. */
    public void pieces(PromptWriter prompt, List<float[]> pieces) {
        for (float[] piece : pieces) sound(prompt, piece);
    }

    /** Writes text and audio parts within a turn. */
    public void parts(PromptWriter prompt, List<Part> parts) {
        for (Part part : parts) {
            switch (part) {
                case Text(String text) -> prompt.text(text);
                case Piece(float[] vectors) -> sound(prompt, vectors);
            }
        }
    }

    /**
     * Returns the prompt of a conversation's first question.
     *
     * @param system the content of the system turn
     * @param content a function that writes the question
     * @param opening the ids that open the reply
     */
    public <T> PromptTokens first(String system, BiConsumer<PromptWriter, T> content, T question, int... opening) {
        PromptWriter prompt = end(turn(begin(), "system").text(system));
        int shared = prompt.length();
        return turn(prompt, "user", content, question, opening).finish(shared);
    }

    /**
     * Returns the prompt of a later turn. The prompt begins with the end of the previous reply's turn, which is not in
     * the sequence even if the model generated it.
     *
     * @param role the role of the turn
     */
    public <T> PromptTokens later(String role, BiConsumer<PromptWriter, T> content, T question, int... opening) {
        return turn(end(new PromptWriter(tokenizer)), role, content, question, opening)
                .finish(0);
    }

    private <T> PromptWriter turn(
            PromptWriter prompt, String role, BiConsumer<PromptWriter, T> content, T question, int... opening) {
        content.accept(turn(prompt, role), question);
        return turn(end(prompt), "assistant").ids(opening);
    }

    /**
     * Returns the builder of a task with a single question.
     *
     * @param system the content of the system turn
     */
    public <T> PromptBuilder<T> single(String system, BiConsumer<PromptWriter, T> content, int... opening) {
        return new SingleTurn<>(system, question -> first(system, content, question, opening));
    }

    /**
     * The builders of a conversation's prompts, for each kind of question.
     *
     * @param system the beginning of the system turn; instructions follow on a new line
     * @param tools a function that describes tools after the instructions, or empty if models of the family cannot call
     *     tools
     * @param opening the ids that open a reply, unless tools are offered
     */
    public record Conversation(
            ChatMl chat, String system, Optional<Function<List<Tool>, String>> tools, int... opening) {
        private static final int[] NONE = {};

        /** Returns the builder for typed questions. */
        public PromptBuilder<String> typed() {
            return builder(PromptWriter::text);
        }

        /** Returns the builder for spoken questions. */
        public PromptBuilder<List<float[]>> spoken() {
            return builder(chat::pieces);
        }

        /** Returns the builder for questions that consist of text and recordings. */
        public PromptBuilder<List<Part>> mixed() {
            return builder(chat::parts);
        }

        private <T> PromptBuilder<T> builder(BiConsumer<PromptWriter, T> content) {
            return new PromptBuilder<>() {
                @Override
                public PromptTokens first(T question, Optional<String> instructions) {
                    return first(question, instructions, List.of());
                }

                @Override
                public PromptTokens first(T question, Optional<String> instructions, List<Tool> offered) {
                    if (!offered.isEmpty() && tools.isEmpty())
                        return PromptBuilder.super.first(question, instructions, offered);
                    String all = instructions.map(more -> system + "\n" + more).orElse(system);
                    if (!offered.isEmpty()) all += "\n" + tools.get().apply(offered);
                    return chat.first(all, content, question, opening(offered));
                }

                @Override
                public PromptTokens later(T question) {
                    return later(question, List.of());
                }

                @Override
                public PromptTokens later(T question, List<Tool> offered) {
                    return chat.later("user", content, question, opening(offered));
                }
            };
        }

        private int[] opening(List<Tool> offered) {
            return offered.isEmpty() ? opening : NONE;
        }
    }
}
