package sparrow.models;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sparrow.models.family.Hearing;
import sparrow.models.family.OpenedModel;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.Prompter;
import sparrow.speech.wave.Waveform;

/** Makes prompts of questions: typed ones, codes and sound, as the model hears it. */
final class TurnPrompts {
    private final OpenedModel model;

    TurnPrompts(OpenedModel model) {
        this.model = model;
    }

    /** @throws IllegalArgumentException if the question cannot be understood */
    Prompt of(Question question, Turn turn, Optional<String> instructions) {
        Saying saying = new Saying(turn, instructions);
        return switch (hear(question)) {
            case Question.Typed(String text) -> saying.prompt(model.typed(), text, 0, 0);
            case Question.Codes(int[] codes, double seconds) ->
                switch (model.hearing()) {
                    case Hearing.Codes hearing -> saying.prompt(hearing.prompter(), codes, seconds, unspeakable(codes));
                    case Hearing.Vectors vectors ->
                        throw new IllegalArgumentException("question: "
                                + model.info().card().name() + " hears sound as vectors; expected a recording, got "
                                + codes.length + " codes");
                };
            case Question.Vectors(List<float[]> pieces, double seconds) ->
                switch (model.hearing()) {
                    case Hearing.Vectors hearing -> saying.prompt(hearing.prompter(), pieces, seconds, 0);
                    case Hearing.Codes codes ->
                        throw new IllegalArgumentException("question: "
                                + model.info().card().name() + " hears sound as codes; expected a recording, got "
                                + pieces.size() + " pieces of vectors");
                };
            case Question.Spoken spoken -> throw new AssertionError("what was heard is not a recording: " + spoken);
        };
    }

    /** The question as the model hears it: a recording becomes codes or vectors, the others stay. */
    Question hear(Question question) {
        return switch (question) {
            case Question.Spoken(Waveform waveform) -> {
                model.hearing()
                        .requireRoom(
                                waveform,
                                model.languageModel().transformer().config().contextLength());
                String sound = waveform.seconds() + " s of sound";
                yield switch (model.hearing()) {
                    case Hearing.Codes hearing -> heardCodes(hearing.hear(waveform), sound, waveform.seconds());
                    case Hearing.Vectors hearing -> heardVectors(hearing.hear(waveform), sound, waveform.seconds());
                };
            }
            case Question.Codes codes -> {
                if (model.hearing() instanceof Hearing.Codes) requireSpeakable(codes.codes(), "the codes");
                yield codes;
            }
            case Question.Vectors vectors -> vectors;
            case Question.Typed typed -> typed;
        };
    }

    private Question heardCodes(int[] codes, String source, double seconds) {
        requireSpeakable(codes, source);
        return new Question.Codes(codes, seconds);
    }

    private static Question heardVectors(List<float[]> pieces, String source, double seconds) {
        if (pieces.stream().allMatch(piece -> piece.length == 0)) throw nothingHeard(source);
        return new Question.Vectors(pieces, seconds);
    }

    /** @param source where the codes come from, for messages */
    private void requireSpeakable(int[] codes, String source) {
        if (codes.length == unspeakable(codes)) throw nothingHeard(source);
    }

    /** Codes without a token in the language model. */
    private int unspeakable(int[] codes) {
        int known = model.languageModel().tokens().codes();
        return (int) Arrays.stream(codes).filter(code -> code >= known).count();
    }

    private static IllegalArgumentException nothingHeard(String source) {
        return new IllegalArgumentException("question: expected speech, found none in " + source);
    }

    /** Where in a conversation something is said, and under which instructions. */
    private record Saying(Turn turn, Optional<String> instructions) {
        <T> Prompt prompt(Prompter<T> prompter, T said, double seconds, int unspeakable) {
            PromptTokens tokens = switch (turn) {
                case FIRST -> prompter.first(said, instructions);
                case LATER -> prompter.later(said);
            };
            return new Prompt(tokens.ids(), tokens.embeddings(), tokens.shared(), seconds, unspeakable);
        }
    }
}
