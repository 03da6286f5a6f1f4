package sparrow.study.cli;

import sparrow.app.TokenOptions;
import sparrow.models.SpokenModel;
import sparrow.study.run.Decoding;

/** The token options together, as a study keeps them. */
final class StudyDecoding {
    private StudyDecoding() {}

    static Decoding of(TokenOptions options, SpokenModel model) {
        return new Decoding(options.sampling(model), options.limits(model, false), options.speechLogits());
    }
}
