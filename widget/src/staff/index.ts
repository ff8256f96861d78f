/** A file of its own, for the pages of proposals: loading it defines `staff-map`. */
import { define } from '../define';
import { StaffMap } from './element';

define('staff-map', StaffMap);
