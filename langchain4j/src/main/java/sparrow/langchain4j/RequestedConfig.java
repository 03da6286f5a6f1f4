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

/** Converts LangChain4j's request parameters to a reply configuration. */
final class RequestedConfig {
    private RequestedConfig() {}

    /**
     * Returns the configuration for the given parameters, with defaults for values that they do not set.
     *
     * @throws InvalidRequestException if a value is out of range
     * @throws UnsupportedFeatureException if a spoken language model does not support a parameter
     * @throws ModelNotFoundException if another model is requested
     */
    static GenerationConfig of(ChatRequestParameters requested, GenerationConfig defaults, SpokenModel model) {
        refuseOtherModel(requested.modelName(), model.name());
        refuse("tools", isPresent(requested.toolSpecifications()));
        refuse("stop sequences", isPresent(requested.stopSequences()));
        refuse("a frequency penalty", isNonZero(requested.frequencyPenalty()));
        refuse("a presence penalty", isNonZero(requested.presencePenalty()));
        refuse(
                "a response format other than text",
                requested.responseFormat() != null && requested.responseFormat().type() != ResponseFormatType.TEXT);
        Sampling sampling = defaults.sampling();
        Limits limits = defaults.limits();
        try {
            return new GenerationConfig(
                    defaults.plan(),
                    new Sampling(
                            or(requested.temperature(), sampling.temperature()),
                            or(requested.topK(), sampling.topK()),
                            or(requested.topP(), sampling.topP()),
                            sampling.repetitionPenalty(),
                            sampling.seed(),
                            new Sampling.Codes(
                                    or(requested.temperature(), sampling.codes().temperature()),
                                    or(requested.topK(), sampling.codes().topK()))),
                    limits.withNewTokens(or(requested.maxOutputTokens(), limits.newTokens())));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    private static void refuseOtherModel(String requested, String name) {
        if (requested == null || requested.equals(name)) return;
        throw new ModelNotFoundException("model: expected " + name + ", got " + requested);
    }

    private static void refuse(String feature, boolean requested) {
        if (requested) throw new UnsupportedFeatureException("a spoken language model does not support " + feature);
    }

    private static boolean isPresent(List<?> list) {
        return list != null && !list.isEmpty();
    }

    private static boolean isNonZero(Double penalty) {
        return penalty != null && penalty != 0;
    }

    private static <T> T or(T requested, T otherwise) {
        return requested == null ? otherwise : requested;
    }
}
