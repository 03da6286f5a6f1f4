/**
 * The common part of the clients for services with OpenAI's protocol (recognisers, judges). {@link OpenAiService} sends
 * requests, {@link Endpoint} contains an address, timeout and number of retries, and {@link ApiKey} contains a key. All
 * clients report failures in the same way. The package does not depend on audio or judgments.
 */
package sparrow.study.http;
