package sparrow.models;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import sparrow.models.family.OpenedModel;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.SpeechInput;
import sparrow.models.family.SpeechInput.Embeddings.Part;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolFormat;
import sparrow.speech.wave.QuietEnds;
import sparrow.speech.wave.Waveform;

/** Creates prompts for typed questions, codes and recordings. */
final class TurnPrompts {
    private final OpenedModel model;

    TurnPrompts(OpenedModel model) {
        this.model = model;
    }

    /**
     * Returns the prompt for a question.
     *
     * @throws IllegalArgumentException if the model cannot encode the question
     */
    Prompt of(Question question, TurnPosition turn, Optional<String> instructions, List<Tool> tools) {
        Saying saying = new Saying(turn, instructions, tools);
        return switch (encode(question)) {
            case Question.Typed(String text) -> saying.prompt(model.typed(), text, 0, 0);
            case Question.ToolOutputs(List<String> texts) -> saying.prompt(outputs(), texts, 0, 0);
            case Question.Codes(int[] codes, double seconds) ->
                switch (model.speechInput()) {
                    case SpeechInput.Tokens input -> saying.prompt(input.builder(), codes, seconds, unspeakable(codes));
                    case SpeechInput.Embeddings vectors ->
                        throw new IllegalArgumentException("question: "
                                + model.info().card().name() + " encodes audio as vectors; expected a recording, got "
                                + codes.length + " codes");
                };
            case Question.Embeddings(List<float[]> pieces, double seconds) ->
                switch (model.speechInput()) {
                    case SpeechInput.Embeddings input -> saying.prompt(input.builder(), pieces, seconds, 0);
                    case SpeechInput.Tokens codes ->
                        throw new IllegalArgumentException("question: "
                                + model.info().card().name() + " encodes audio as codes; expected a recording, got "
                                + pieces.size() + " pieces of vectors");
                };
            case Question.Mixed mixed -> saying.prompt(mixed(), parts(mixed), mixed.seconds(), 0);
            case Question.Spoken spoken ->
                throw new AssertionError("an encoded question is not a recording: " + spoken);
        };
    }

    private PromptBuilder<List<String>> outputs() {
        return model.tools()
                .map(ToolFormat::outputs)
                .orElseThrow(() -> new IllegalArgumentException("question: "
                        + model.info().card().name() + " calls no tools; expected a question, got outputs of tools"));
    }

    /** Returns whether a turn may contain both text and audio. */
    boolean mixes() {
        return model.speechInput() instanceof SpeechInput.Embeddings input
                && input.mixed().isPresent();
    }

    private PromptBuilder<List<Part>> mixed() {
        if (model.speechInput() instanceof SpeechInput.Embeddings input
                && input.mixed().isPresent()) {
            return input.mixed().get();
        }
        throw new IllegalArgumentException("question: expected text or one recording, got both; "
                + model.info().card().name() + " accepts only one of them");
    }

    private static List<Part> parts(Question.Mixed mixed) {
        return mixed.parts().stream().flatMap(TurnPrompts::parts).toList();
    }

    private static Stream<Part> parts(Question part) {
        return switch (part) {
            case Question.Typed(String text) -> Stream.of(new SpeechInput.Embeddings.Text(text));
            case Question.Embeddings(List<float[]> pieces, double _) ->
                pieces.stream().map(SpeechInput.Embeddings.Piece::new);
            default -> throw new IllegalArgumentException("question: expected a recording, got " + part);
        };
    }

    /**
     * Returns the question in encoded form. A recording is converted to codes or vectors; other questions are returned
     * unchanged.
     */
    Question encode(Question question) {
        return switch (question) {
            case Question.Spoken(Waveform recording) -> {
                Waveform waveform = withoutQuiet(recording);
                model.speechInput()
                        .requireRoom(
                                waveform,
                                model.languageModel().transformer().config().contextLength());
                String sound = waveform.seconds() + " s of sound";
                yield switch (model.speechInput()) {
                    case SpeechInput.Tokens input -> heardCodes(input.encode(waveform), sound, waveform.seconds());
                    case SpeechInput.Embeddings input ->
                        heardVectors(input.encode(waveform), sound, waveform.seconds());
                };
            }
            case Question.Codes codes -> {
                if (model.speechInput() instanceof SpeechInput.Tokens) requireSpeakable(codes.codes(), "the codes");
                yield codes;
            }
            case Question.Embeddings vectors -> vectors;
            case Question.Typed typed -> typed;
            case Question.ToolOutputs outputs -> outputs;
            case Question.Mixed(List<Question> all) ->
                new Question.Mixed(all.stream().map(this::encode).toList());
        };
    }

    /** Returns a recording without the quiet at its ends for which the model was not trained. */
    Waveform withoutQuiet(Waveform recording) {
        OptionalInt quietMs = model.info().card().quietMs();
        return quietMs.isPresent() ? QuietEnds.cut(recording, quietMs.getAsInt()) : recording;
    }

    private Question heardCodes(int[] codes, String source, double seconds) {
        requireSpeakable(codes, source);
        return new Question.Codes(codes, seconds);
    }

    private static Question heardVectors(List<float[]> pieces, String source, double seconds) {
        if (pieces.stream().allMatch(piece -> piece.length == 0)) throw nothingHeard(source);
        return new Question.Embeddings(pieces, seconds);
    }

    /**
     * Checks that the language model has a token for at least one code.
     *
     * @param source the source of the codes, for the message
     */
    private void requireSpeakable(int[] codes, String source) {
        if (codes.length == unspeakable(codes)) throw nothingHeard(source);
    }

    /** Returns the number of codes for which the language model has no token. */
    private int unspeakable(int[] codes) {
        int known = model.languageModel().tokens().codes();
        return (int) Arrays.stream(codes).filter(code -> code >= known).count();
    }

    private static IllegalArgumentException nothingHeard(String source) {
        return new IllegalArgumentException("question: expected speech, found none in " + source);
    }

    /** A turn's position, instructions and tools. */
    private record Saying(TurnPosition turn, Optional<String> instructions, List<Tool> tools) {
        <T> Prompt prompt(PromptBuilder<T> builder, T content, double seconds, int unspeakable) {
            PromptTokens tokens = switch (turn) {
                case FIRST -> builder.first(content, instructions, tools);
                case LATER -> builder.later(content, tools);
            };
            return new Prompt(tokens.ids(), tokens.embeddings(), tokens.shared(), seconds, unspeakable);
        }
    }
}
