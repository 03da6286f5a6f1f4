package sparrow.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.models.SpokenModel;

/** Converts LangChain4j's request parameters to the configuration of a reply. */
final class RequestedConfig {
    private RequestedConfig() {}

    /**
     * Returns the configuration for the given parameters. Values that they do not set are defaults.
     *
     * @throws InvalidRequestException if a value is out of range
     * @throws UnsupportedFeatureException if a spoken language model does not support a parameter
     * @throws ModelNotFoundException if another model is requested
     */
    static GenerationConfig of(ChatRequestParameters wanted, GenerationConfig defaults, SpokenModel model) {
        refuseOtherModel(wanted.modelName(), model.name());
        refuse("tools", isPresent(wanted.toolSpecifications()));
        refuse("stop sequences", isPresent(wanted.stopSequences()));
        refuse("a frequency penalty", isNonZero(wanted.frequencyPenalty()));
        refuse("a presence penalty", isNonZero(wanted.presencePenalty()));
        refuse(
                "a response format other than text",
                wanted.responseFormat() != null && wanted.responseFormat().type() != ResponseFormatType.TEXT);
        Sampling own = defaults.sampling();
        Limits limits = defaults.limits();
        try {
            return new GenerationConfig(
                    defaults.plan(),
                    new Sampling(
                            or(wanted.temperature(), own.temperature()),
                            or(wanted.topK(), own.topK()),
                            or(wanted.topP(), own.topP()),
                            own.repetitionPenalty(),
                            own.seed(),
                            new Sampling.Codes(
                                    or(wanted.temperature(), own.codes().temperature()),
                                    or(wanted.topK(), own.codes().topK()))),
                    limits.withNewTokens(or(wanted.maxOutputTokens(), limits.newTokens())));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    private static void refuseOtherModel(String wanted, String own) {
        if (wanted == null || wanted.equals(own)) return;
        throw new ModelNotFoundException("model: expected " + own + ", got " + wanted);
    }

    private static void refuse(String feature, boolean wanted) {
        if (wanted) throw new UnsupportedFeatureException("a spoken language model does not support " + feature);
    }

    private static boolean isPresent(List<?> list) {
        return list != null && !list.isEmpty();
    }

    private static boolean isNonZero(Double penalty) {
        return penalty != null && penalty != 0;
    }

    private static <T> T or(T wanted, T own) {
        return wanted == null ? own : wanted;
    }
}
