package sparrow.models.stepaudio;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
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
        return new Turns<>(Content.Text::new);
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>(StepAudioPrompts::sounds);
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

    private static Stream<Message> turn(Content said, Content opening) {
        return Stream.of(new Message("human", said, End.CLOSED), new Message("assistant", opening, End.OPEN));
    }

    private PromptTokens first(String instructions, Stream<Message> turn) {
        Message system = new Message("system", new Content.Text(instructions), End.CLOSED);
        int shared = template.encode(List.of(system)).ids().length;
        return prompt(template.encode(Stream.concat(Stream.of(system), turn).toList()), shared);
    }

    private static PromptTokens prompt(Encoded encoded, int shared) {
        return new PromptTokens(encoded.ids(), encoded.embeddings(), shared);
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final Function<T, Content> content;

        Turns(Function<T, Content> content) {
            this.content = content;
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            return StepAudioPrompts.this.first(instructions.orElse(INSTRUCTIONS), turn(said));
        }

        /** The reply before ended with the end of turn, or was cut off: either way its end was not fed. */
        @Override
        public PromptTokens later(T said) {
            return prompt(template.after(turn(said).toList()), 0);
        }

        private Stream<Message> turn(T said) {
            return StepAudioPrompts.turn(content.apply(said), new Content.SpeechStart());
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
            return StepAudioPrompts.this.first(system, turn(content.apply(said), opening));
        }

        @Override
        public PromptTokens later(T said) {
            throw new IllegalArgumentException(
                    "question: expected a conversation of its own for each \"" + system.strip() + "\"");
        }
    }
}
