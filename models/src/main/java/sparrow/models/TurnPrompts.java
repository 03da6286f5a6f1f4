package sparrow.models;

import java.util.Arrays;
import java.util.List;
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
    Prompt of(Question question, Turn turn) {
        return switch (question) {
            case Question.Typed(String text) -> prompt(model.typed(), text, turn, 0, 0);
            case Question.Codes(int[] codes) ->
                switch (model.hearing()) {
                    case Hearing.Codes hearing -> ofCodes(hearing, codes, "the codes", turn, 0);
                    case Hearing.Vectors _ ->
                        throw new IllegalArgumentException(
                                "question: " + model.info().card().name()
                                        + " hears sound as vectors; expected a recording, got " + codes.length
                                        + " codes");
                };
            case Question.Spoken(Waveform waveform) -> {
                model.hearing()
                        .requireRoom(
                                waveform,
                                model.languageModel().transformer().config().contextLength());
                String sound = waveform.seconds() + " s of sound";
                yield switch (model.hearing()) {
                    case Hearing.Codes hearing ->
                        ofCodes(hearing, hearing.hear(waveform), sound, turn, waveform.seconds());
                    case Hearing.Vectors hearing ->
                        ofVectors(hearing, hearing.hear(waveform), sound, turn, waveform.seconds());
                };
            }
        };
    }

    /** @param source where the codes come from, for messages */
    private Prompt ofCodes(Hearing.Codes hearing, int[] codes, String source, Turn turn, double seconds) {
        int known = model.languageModel().tokens().codes();
        int unspeakable =
                (int) Arrays.stream(codes).filter(code -> code >= known).count();
        if (codes.length == unspeakable) throw nothingHeard(source);
        return prompt(hearing.prompter(), codes, turn, seconds, unspeakable);
    }

    private Prompt ofVectors(Hearing.Vectors hearing, List<float[]> pieces, String source, Turn turn, double seconds) {
        if (pieces.stream().allMatch(piece -> piece.length == 0)) throw nothingHeard(source);
        return prompt(hearing.prompter(), pieces, turn, seconds, 0);
    }

    private static IllegalArgumentException nothingHeard(String source) {
        return new IllegalArgumentException("question: expected speech, found none in " + source);
    }

    private static <T> Prompt prompt(Prompter<T> prompter, T said, Turn turn, double seconds, int unspeakable) {
        PromptTokens tokens = switch (turn) {
            case FIRST -> prompter.first(said);
            case LATER -> prompter.later(said);
        };
        return new Prompt(tokens.ids(), tokens.embeddings(), tokens.shared(), seconds, unspeakable);
    }
}
