package sparrow.models.stepaudio;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.BadFileException;

/**
 * The chat format of Step-Audio-2 (official {@code apply_chat_template}): {@code <|BOT|>role}, a line end, the content,
 * {@code <|EOT|>}. Messages stand side by side, and every fragment is tokenized by itself, so that no token reaches
 * across a border. Control tokens go in as ids and text is encoded as text only: nothing a user types can pose as one.
 */
final class ChatTemplate {
    private final Tokenizer tokenizer;
    private final int width;
    private final int beginOfTurn;
    private final int endOfTurn;
    private final int speechStart;
    private final int audioStart;
    private final int audioPatch;
    private final int audioEnd;

    /**
     * @param width numbers of a hidden state
     * @param source the tokenizer's folder, for messages
     * @throws BadFileException if a control token is missing
     */
    ChatTemplate(Tokenizer tokenizer, int width, Path source) {
        this.tokenizer = tokenizer;
        this.width = width;
        this.beginOfTurn = id(tokenizer, "<|BOT|>", source);
        this.endOfTurn = id(tokenizer, "<|EOT|>", source);
        this.speechStart = id(tokenizer, "<tts_start>", source);
        this.audioStart = id(tokenizer, "<audio_start>", source);
        this.audioPatch = id(tokenizer, "<audio_patch>", source);
        this.audioEnd = id(tokenizer, "<audio_end>", source);
    }

    /**
     * The id of a control token.
     *
     * @throws BadFileException if there is none
     */
    static int id(Tokenizer tokenizer, String token, Path source) {
        return tokenizer
                .id(token)
                .orElseThrow(() -> new BadFileException(source, "added token " + token, "is missing"));
    }

    /**
     * One turn.
     *
     * @param role system, tool_json_schemas, human, assistant, or input for the output of a tool
     * @param content of the turn
     * @param end of the turn; in an open one the reply goes on
     */
    record Message(String role, Content content, End end) {}

    /** The end of a message. */
    enum End {
        /** With the end of turn. */
        CLOSED,
        /** With nothing: the model goes on. */
        OPEN
    }

    /** The content of a message. */
    sealed interface Content {
        /** A text, in one fragment with the role. */
        record Text(String text) implements Content {}

        /** The start of speech: asks for a spoken reply. */
        record SpeechStart() implements Content {}

        /** Parts, each a fragment. */
        record Parts(List<Part> parts) implements Content {}
    }

    /** A fragment of a message. */
    sealed interface Part {
        /** A text. */
        record Text(String text) implements Part {}

        /** The start of speech, in front of the tokens of an earlier spoken reply. */
        record SpeechStart() implements Part {}

        /**
         * A piece of sound of up to 25 s.
         *
         * @param rows output of the audio adaptor, [patches, width]; may be none
         */
        record Audio(float[] rows) implements Part {}

        /** Ids as they are: an earlier reply. */
        record Tokens(int[] ids) implements Part {}
    }

    /**
     * The ids of messages.
     *
     * @param ids token ids
     * @param embeddings hidden states of the sounds among them, at the positions of their patches
     */
    record Encoded(int[] ids, List<PromptEmbeddings> embeddings) {}

    /** Messages behind each other. */
    Encoded encode(List<Message> messages) {
        Building building = new Building();
        messages.forEach(building::add);
        return building.finish();
    }

    /** Messages behind a reply, whose turn is not closed yet. */
    Encoded after(List<Message> messages) {
        Building building = new Building();
        building.add(endOfTurn);
        messages.forEach(building::add);
        return building.finish();
    }

    private final class Building {
        private final IntStream.Builder ids = IntStream.builder();
        private final List<PromptEmbeddings> rows = new ArrayList<>();
        private int length;

        void add(Message message) {
            add(beginOfTurn);
            switch (message.content()) {
                case Content.Text(String text) -> addText(message.role() + "\n" + text);
                case Content.SpeechStart() -> {
                    addText(message.role() + "\n");
                    add(speechStart);
                }
                case Content.Parts(List<Part> parts) -> {
                    addText(message.role() + "\n");
                    parts.forEach(this::add);
                }
            }
            if (message.end() == End.CLOSED) add(endOfTurn);
        }

        void add(Part part) {
            switch (part) {
                case Part.Text(String text) -> addText(text);
                case Part.SpeechStart() -> add(speechStart);
                case Part.Audio(float[] heard) -> addSound(heard);
                case Part.Tokens(int[] tokens) -> add(tokens);
            }
        }

        private void addSound(float[] heard) {
            int[] patches = new int[heard.length / width];
            Arrays.fill(patches, audioPatch);
            add(audioStart);
            if (patches.length > 0) rows.add(new PromptEmbeddings(length, heard));
            add(patches);
            add(audioEnd);
        }

        private void addText(String text) {
            add(tokenizer.encodeText(text));
        }

        private void add(int... more) {
            for (int id : more) ids.add(id);
            length += more.length;
        }

        Encoded finish() {
            return new Encoded(ids.build().toArray(), List.copyOf(rows));
        }
    }
}
