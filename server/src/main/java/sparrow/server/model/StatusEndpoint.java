package sparrow.server.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import sparrow.models.SpokenModels;
import sparrow.models.pool.ConversationPool;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpExchange;
import sparrow.server.reply.ServedModel;

/** Handles {@code GET /sparrow/v1/status}, which returns the data shown by the page. */
public final class StatusEndpoint implements Endpoint {
    private final ServedModel served;
    private final DoubleSupplier depthSaved;
    private final boolean webrtc;
    private final ModelInfo facts;
    private final List<Sample> questions = new ArrayList<>();

    /**
     * Creates an endpoint.
     *
     * @param depthSaved a supplier of the share of layers saved so far
     * @param questions the sample questions
     * @param webrtc whether the server accepts calls over WebRTC
     */
    public StatusEndpoint(
            ServedModel served,
            DoubleSupplier depthSaved,
            List<SpokenModels.SampleQuestion> questions,
            boolean webrtc) {
        this.served = served;
        this.webrtc = webrtc;
        this.depthSaved = depthSaved;
        this.facts = ModelInfo.of(served);
        for (int i = 0; i < questions.size(); i++) {
            this.questions.add(new Sample(questions.get(i).text(), QuestionsEndpoint.address(i)));
        }
    }

    /** A sample question with the path of its recording. */
    private record Sample(String text, String audio) {}

    /**
     * The server's state.
     *
     * @param model the model's name for clients
     * @param queue the number of waiting replies
     * @param active the number of running replies
     * @param sessions the number of open conversations
     * @param kvBytes bytes of keys and values in running replies and idle conversations
     * @param depthSaved the share of layers saved at speech positions so far
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Status(
            String model,
            @JsonUnwrapped ModelInfo facts,
            List<Sample> questions,
            boolean webrtc,
            int queue,
            int active,
            int sessions,
            long kvBytes,
            long kvLimit,
            double depthSaved) {}

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        ConversationPool.Status now = served.pool().status();
        exchange.sendJson(
                200,
                new Status(
                        served.id(),
                        facts,
                        questions,
                        webrtc,
                        now.waiting(),
                        now.active(),
                        now.slots(),
                        now.kvReserved() + now.kvIdle(),
                        now.kvLimit(),
                        depthSaved.getAsDouble()));
    }
}
