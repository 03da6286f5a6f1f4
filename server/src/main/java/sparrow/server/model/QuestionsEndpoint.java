package sparrow.server.model;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.models.SpokenModels;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;

/** Handles {@code GET /sparrow/v1/questions/N.wav}, which returns recordings of sample questions. */
public final class QuestionsEndpoint implements Endpoint {
    private static final String ROOT = "/sparrow/v1/questions/";

    private final List<SpokenModels.SampleQuestion> questions;

    /** Creates an endpoint for the given questions. */
    public QuestionsEndpoint(List<SpokenModels.SampleQuestion> questions) {
        this.questions = List.copyOf(questions);
    }

    /** Returns the path of a question's recording. */
    static String address(int question) {
        return ROOT + file(question);
    }

    private static String file(int question) {
        return question + ".wav";
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        int found = IntStream.range(0, questions.size())
                .filter(question -> file(question).equals(exchange.rest()))
                .findFirst()
                .orElseThrow(() -> HttpFailure.refused(404, "not_found", "question: no such recording"));
        exchange.send(200, "audio/wav", questions.get(found).recording());
    }
}
