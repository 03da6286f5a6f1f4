package sparrow.models.stepaudio;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.Tool;
import sparrow.models.stepaudio.ChatTemplate.Content;
import sparrow.models.stepaudio.ChatTemplate.Encoded;
import sparrow.models.stepaudio.ChatTemplate.End;
import sparrow.models.stepaudio.ChatTemplate.Message;
import sparrow.models.stepaudio.ChatTemplate.Part;

/** Prompts of Step-Audio-2: what the user says, and the opening of a spoken reply. */
record StepAudioPrompts(ChatTemplate template) {
    /** Text of the system turn in the official examples. */
    private static final String INSTRUCTIONS = "You are a helpful assistant.";

    /** Text of the system turn in the official example of recognition. */
    private static final String TRANSCRIBE = "请记录下你所听到的语音内容。";

    /** The same of reading aloud, of the base model. */
    private static final String READ_ALOUD = "以自然的语速读出下面的文字。\n";

    /** Prompts of typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(text -> human(new Content.Text(text)));
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>(pieces -> human(sounds(pieces)));
    }

    /** Prompts of the outputs of tools. */
    PromptBuilder<List<String>> outputs() {
        return new Turns<>(outputs ->
                outputs.stream().map(output -> closed("input", new Content.Parts(List.of(new Part.Text(output))))));
    }

    /** Prompts of recordings, piece by piece, whose text is wanted: without the start of speech the reply is text. */
    PromptBuilder<List<float[]>> transcribed() {
        return new OneTurn<>(TRANSCRIBE, StepAudioPrompts::sounds, new Content.Parts(List.of()));
    }

    /** Prompts of texts that are read aloud. */
    PromptBuilder<String> readAloud() {
        return new OneTurn<>(READ_ALOUD, Content.Text::new, new Content.SpeechStart());
    }

    private static Content sounds(List<float[]> pieces) {
        return new Content.Parts(pieces.stream().<Part>map(Part.Audio::new).toList());
    }

    private static Stream<Message> human(Content content) {
        return Stream.of(closed("human", content));
    }

    private static Message closed(String role, Content content) {
        return new Message(role, content, End.CLOSED);
    }

    private static Stream<Message> turn(Stream<Message> question, Content opening) {
        return Stream.concat(question, Stream.of(new Message("assistant", opening, End.OPEN)));
    }

    private PromptTokens first(String instructions, List<Tool> tools, Stream<Message> turn) {
        List<Message> opening = new ArrayList<>();
        opening.add(closed("system", new Content.Text(instructions)));
        if (!tools.isEmpty()) opening.add(closed("tool_json_schemas", new Content.Text(StepAudioTools.schemas(tools))));
        int shared = template.encode(opening).ids().length;
        return prompt(template.encode(Stream.concat(opening.stream(), turn).toList()), shared);
    }

    private static PromptTokens prompt(Encoded encoded, int shared) {
        return new PromptTokens(encoded.ids(), encoded.embeddings(), shared);
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final Function<T, Stream<Message>> question;

        Turns(Function<T, Stream<Message>> question) {
            this.question = question;
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            return first(said, instructions, List.of());
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions, List<Tool> tools) {
            return StepAudioPrompts.this.first(instructions.orElse(INSTRUCTIONS), tools, turn(said));
        }

        /** The reply before ended with the end of turn, or was cut off: either way its end was not fed. */
        @Override
        public PromptTokens later(T said) {
            return prompt(template.after(turn(said).toList()), 0);
        }

        private Stream<Message> turn(T said) {
            return StepAudioPrompts.turn(question.apply(said), new Content.SpeechStart());
        }
    }

    /** A task of one turn, whose sentence is the whole system turn. */
    private final class OneTurn<T> implements PromptBuilder<T> {
        private final String system;
        private final Function<T, Content> content;
        private final Content opening;

        OneTurn(String system, Function<T, Content> content, Content opening) {
            this.system = system;
            this.content = content;
            this.opening = opening;
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            if (instructions.isPresent()) {
                throw new IllegalArgumentException("instructions: expected none beside \"" + system.strip() + "\"");
            }
            return StepAudioPrompts.this.first(system, List.of(), turn(human(content.apply(said)), opening));
        }

        @Override
        public PromptTokens later(T said) {
            throw new IllegalArgumentException(
                    "question: expected a conversation of its own for each \"" + system.strip() + "\"");
        }
    }
}
