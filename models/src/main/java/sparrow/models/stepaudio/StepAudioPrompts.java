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

    /** Prompts of typed questions. */
    PromptBuilder<String> typed() {
        return new Turns<>(Content.Text::new);
    }

    /** Prompts of sounds, piece by piece. */
    PromptBuilder<List<float[]>> heard() {
        return new Turns<>(pieces ->
                new Content.Parts(pieces.stream().<Part>map(Part.Audio::new).toList()));
    }

    private final class Turns<T> implements PromptBuilder<T> {
        private final Function<T, Content> content;

        Turns(Function<T, Content> content) {
            this.content = content;
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            Message system = new Message("system", new Content.Text(instructions.orElse(INSTRUCTIONS)), End.CLOSED);
            int shared = template.encode(List.of(system)).ids().length;
            return prompt(
                    template.encode(Stream.concat(Stream.of(system), turn(said)).toList()), shared);
        }

        /** The reply before ended with the end of turn, or was cut off: either way its end was not fed. */
        @Override
        public PromptTokens later(T said) {
            return prompt(template.after(turn(said).toList()), 0);
        }

        private Stream<Message> turn(T said) {
            return Stream.of(
                    new Message("human", content.apply(said), End.CLOSED),
                    new Message("assistant", new Content.SpeechStart(), End.OPEN));
        }

        private static PromptTokens prompt(Encoded encoded, int shared) {
            return new PromptTokens(encoded.ids(), encoded.embeddings(), shared);
        }
    }
}
