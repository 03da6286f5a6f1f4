/**
 * The common part of all clients of a service with OpenAI's protocol (recognisers, judges). {@link OpenAiService} asks,
 * {@link Endpoint} has its address and the patience with it, and {@link ApiKey} its key. There is one way to report a
 * failure. The package knows neither audio nor judgements.
 */
package sparrow.study.http;
