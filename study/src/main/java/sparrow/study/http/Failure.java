package sparrow.study.http;

import java.io.IOException;
import java.util.Optional;

/** Why one attempt brought nothing. */
sealed interface Failure {
    /**
     * The service answered, but not with success.
     *
     * @param status of HTTP
     * @param retryAfter the header of that name
     * @param body what it said
     */
    record Refused(int status, Optional<String> retryAfter, String body) implements Failure {}

    /** No connection, or it broke. */
    record Unreachable(IOException cause) implements Failure {}

    /** No whole answer in the time of one attempt. */
    record Late() implements Failure {}

    /** A success of HTTP that is none of the protocol. */
    record Unexpected(String what) implements Failure {}
}
