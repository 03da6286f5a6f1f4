package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.interleave.Unit;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.unit.Input;
import sparrow.engine.unit.UnitFormat;
import sparrow.models.family.PromptTokens;

/**
 * A conversation as the model sees it: turns of {@code <|im_start|>role}, a line end, the content, {@code <|im_end|>} and a line end.
 * Every fragment is tokenized by itself, so that no token reaches across a border. Control tokens go in as ids and text is encoded as
 * text only: nothing a user types can pose as one.
 */
final class ChatMl {
    private final Tokenizer tokenizer;
    private final Lfm2Tokens tokens;
    private final IntStream.Builder ids = IntStream.builder();
    private final List<PromptEmbeddings> embeddings = new ArrayList<>();
    private final int width;
    private int length;

    /**
     * @param width channels of a position
     */
    ChatMl(Tokenizer tokenizer, Lfm2Tokens tokens, int width) {
        this.width = width;
        this.tokenizer = tokenizer;
        this.tokens = tokens;
    }

    /** Opens the conversation. */
    ChatMl start() {
        return add(tokens.start());
    }

    /**
     * Opens a turn.
     *
     * @param role system, user or assistant
     */
    ChatMl turn(String role) {
        return add(tokens.turnStart()).text(role + "\n");
    }

    /** A text within a turn. */
    ChatMl text(String text) {
        return add(tokenizer.encodeText(text));
    }

    /**
     * A sound within a turn; nothing stands around it.
     *
     * @param rows output of the audio adaptor, [positions, width]
     */
    ChatMl heard(float[] rows) {
        if (rows.length == 0) return this;
        embeddings.add(new PromptEmbeddings(length, rows));
        for (int i = 0; i < rows.length / width; i++) add(Lfm2Tokens.PLACEHOLDER);
        return this;
    }

    /** A reply as it was generated, without the end of its turn. */
    ChatMl reply(List<Unit> units, UnitFormat format) {
        List<Input> inputs = units.stream().map(format::input).toList();
        embeddings.addAll(PromptEmbeddings.of(inputs, length, width));
        for (Input input : inputs) add(input.token());
        return this;
    }

    /** Closes a turn. */
    ChatMl end() {
        return add(tokens.turnEnd()).text("\n");
    }

    private ChatMl add(int... more) {
        for (int id : more) ids.add(id);
        length += more.length;
        return this;
    }

    /** Ids so far. */
    int length() {
        return length;
    }

    /**
     * The prompt.
     *
     * @param shared leading ids that every conversation of its kind begins with
     */
    PromptTokens finish(int shared) {
        return new PromptTokens(ids.build().toArray(), List.copyOf(embeddings), shared);
    }
}
