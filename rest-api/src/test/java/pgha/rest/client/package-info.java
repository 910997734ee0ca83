/** Tests of the client against sockets that misbehave. */
@NullMarked
package pgha.rest.client;

import org.jspecify.annotations.NullMarked;
